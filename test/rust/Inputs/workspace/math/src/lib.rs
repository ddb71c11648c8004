//! Generic all through: compiled where it is used.
use std::ops::{Add, Mul};

pub trait Real: Copy + Add<Output = Self> + Mul<Output = Self> {
    fn sin(self) -> Self;
}
impl Real for f32 {
    fn sin(self) -> f32 { self.sin() }
}
impl Real for f64 {
    fn sin(self) -> f64 { self.sin() }
}

pub fn horner<T: Real>(coefficients: &[T], x: T) -> T {
    coefficients.iter().rev().copied().reduce(|y, c| y * x + c).unwrap()
}
