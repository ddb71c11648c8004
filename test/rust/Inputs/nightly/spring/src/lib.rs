//! The dependency: not a line about derivatives.

/// The energy of a spring that gets stiffer.
pub struct Spring {
    pub stiffness: f64,
    pub length: f64,
}

impl Spring {
    #[inline(never)]
    pub fn energy(&self, distance: f64) -> f64 {
        let stretch = distance - self.length;
        self.stiffness * (stretch * stretch / 2.0 + stretch.powi(4) / 4.0)
    }
}

/// Generic, so it is compiled where it is used.
pub fn total<T>(items: impl Iterator<Item = T>, f: impl Fn(T) -> f64) -> f64 {
    items.map(f).sum()
}
