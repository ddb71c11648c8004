/// A sum of squares.
pub fn energy(x: &[f64]) -> f64 {
    x.iter().map(|x| x * x).sum()
}
