#![feature(autodiff)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::autodiff::autodiff_reverse;
use std::sync::atomic::{AtomicUsize, Ordering};

static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);

struct Counting;
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, p: *mut u8, layout: Layout) {
        unsafe { System.dealloc(p, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

unsafe extern "C" {
    fn in_c(x: f64) -> f64;
}

#[unsafe(no_mangle)]
extern "C" fn in_rust(x: f64) -> f64 {
    x.sin()
}

#[autodiff_reverse(gradient, Active, Active)]
fn objective(x: f64) -> f64 {
    2.0 * unsafe { in_c(x) }
}

fn main() {
    let x = 0.7f64;
    let words: Vec<String> = (0..10).map(|i| i.to_string()).collect();
    assert!(ALLOCATIONS.load(Ordering::Relaxed) > words.len());
    let thread = std::thread::spawn(move || gradient(x, 1.0));
    let (value, slope) = thread.join().unwrap();
    assert!((value - 2.0 * ((x * x).sin() + x)).abs() < 1e-15);
    assert!((slope - 2.0 * ((x * x).cos() * 2.0 * x + 1.0)).abs() < 1e-14);
    println!("{}", words.concat());
}
