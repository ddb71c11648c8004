//! The optimiser Adam (Kingma and Ba, 2015).

/// Walks downhill from `x` for `steps` steps. `gradient` writes the gradient at
/// its first argument into its second and returns the value; `report` sees both.
pub fn minimize(
    x: &mut [f64],
    steps: usize,
    rate: f64,
    mut gradient: impl FnMut(&[f64], &mut [f64]) -> f64,
    mut report: impl FnMut(usize, f64),
) {
    const DECAY: [f64; 2] = [0.9, 0.999];
    let mut slope = vec![0.0; x.len()];
    let mut mean = vec![0.0; x.len()];
    let mut square = vec![0.0; x.len()];
    for step in 1..=steps {
        slope.fill(0.0);
        report(step, gradient(x, &mut slope));
        // The means start at zero; this makes up for it.
        let unbiased = DECAY.map(|d| 1.0 - d.powi(step as i32));
        let rate = rate * (1.0 - step as f64 / steps as f64);
        for (i, slope) in slope.iter().enumerate() {
            mean[i] += (1.0 - DECAY[0]) * (slope - mean[i]);
            square[i] += (1.0 - DECAY[1]) * (slope * slope - square[i]);
            let scale = (square[i] / unbiased[1]).sqrt() + 1e-12;
            x[i] -= rate * mean[i] / unbiased[0] / scale;
        }
    }
}
