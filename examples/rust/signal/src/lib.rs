//! What is measured: the swing of something that comes to rest.

/// Anything that has a value at every time.
pub trait Signal {
    fn at(&self, time: f64) -> f64;
}

/// offset + amplitude · exp(-damping · t) · cos(frequency · t + phase)
#[derive(Clone, Copy, Debug, Default)]
pub struct Swing {
    pub offset: f64,
    pub amplitude: f64,
    pub damping: f64,
    pub frequency: f64,
    pub phase: f64,
}

impl Signal for Swing {
    fn at(&self, time: f64) -> f64 {
        let envelope = self.amplitude * (-self.damping * time).exp();
        self.offset + envelope * (self.frequency * time + self.phase).cos()
    }
}

/// Two signals at once.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sum<A, B>(pub A, pub B);

impl<A: Signal, B: Signal> Signal for Sum<A, B> {
    fn at(&self, time: f64) -> f64 {
        self.0.at(time) + self.1.at(time)
    }
}
