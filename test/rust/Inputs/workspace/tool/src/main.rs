//! Another program of the workspace, with a request for a type of its own.
use math_like::Twice;

mod math_like {
    pub struct Twice;
    impl Twice {
        pub fn apply(&self, y: f64) -> f64 { 2.0 * y }
    }
}

fn main() {
    let mut d = [0.0; 2];
    let (y, dx) = model::wave_gradient(&[1.0, 3.0], &mut d, 0.0, |y| Twice.apply(y), 1.0);
    // TOOL: 2.0 7.0 [2.0, 0.0]
    println!("{y:?} {dx:?} {d:?}");
}
