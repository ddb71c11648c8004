// The derivatives have the parameters and results that std::autodiff gives them:
// attributes.test compiles this with both.
// RUN: %rustc_linkgrad -O %s -o %t && %t

use linkgrad::*;

#[autodiff_forward(v_fwd, Dual, Const, Dual)]
#[autodiff_forward(v_fwd_only, Dual, Dual, DualOnly)]
#[autodiff_forward(v_fwd_const, Dual, Const, Const)]
#[autodiff_forward(v_fwd3, 3, Dual, Const, Dual)]
#[autodiff_forward(v_fwd3_only, 3, Dual, Const, DualOnly)]
#[autodiff_reverse(v_rev, Active, Active, Active)]
#[autodiff_reverse(v_rev_const, Active, Const, Active)]
#[autodiff_reverse(v_rev_only, Active, Active, ActiveOnly)]
fn values(x: f64, y: f32) -> f64 {
    x * f64::from(y)
}

#[autodiff_forward(r_fwd, Dual, Dual)]
#[autodiff_forward(r_fwd2, 2, Dual, Dual)]
#[autodiff_forward(r_fwd2v, 2, Dualv, Dualv)]
#[autodiff_reverse(r_rev, Duplicated, Duplicated)]
#[autodiff_reverse(r_rev_const, Duplicated, Const)]
fn references(x: &[f64], y: &mut [f64; 2]) {
    *y = [x[0] * x[1], x[0]];
}

#[autodiff_forward(m_fwd, Dual, Dual)]
#[autodiff_reverse(m_rev, Duplicated, Active)]
fn mixed(x: &(f64, u8)) -> f64 {
    x.0 * f64::from(x.1)
}

#[autodiff_reverse(g_rev, Duplicated, Active)]
pub fn generic<T: Copy + std::ops::Mul<Output = T>>(x: &T) -> T {
    *x * *x
}

struct Scale(f64);

impl Scale {
    #[autodiff_forward(fwd, Const, Dual, Dual)]
    #[autodiff_reverse(rev, Duplicated, Active, Active)]
    fn apply(&self, x: f64) -> f64 {
        self.0 * x
    }
}

type Slice<'a> = &'a [f64];
type Pair<'a> = &'a mut [f64; 2];

fn main() {
    let f: fn(f64, f64, f32) -> (f64, f64) = v_fwd;
    assert_eq!(f(2.0, 1.0, 3.0), (6.0, 3.0));
    let f: fn(f64, f64, f32, f32) -> f64 = v_fwd_only;
    assert_eq!(f(2.0, 1.0, 3.0, 1.0), 5.0);
    let f: fn(f64, f64, f32) -> f64 = v_fwd_const;
    assert_eq!(f(2.0, 1.0, 3.0), 3.0);
    let f: fn(f64, f64, f64, f64, f32) -> [f64; 4] = v_fwd3;
    assert_eq!(f(2.0, 1.0, 2.0, 3.0, 3.0), [6.0, 3.0, 6.0, 9.0]);
    let f: fn(f64, f64, f64, f64, f32) -> [f64; 3] = v_fwd3_only;
    assert_eq!(f(2.0, 1.0, 2.0, 3.0, 3.0), [3.0, 6.0, 9.0]);
    let f: fn(f64, f32, f64) -> (f64, f64, f32) = v_rev;
    assert_eq!(f(2.0, 3.0, 1.0), (6.0, 3.0, 2.0));
    let f: fn(f64, f32, f64) -> (f64, f64) = v_rev_const;
    assert_eq!(f(2.0, 3.0, 1.0), (6.0, 3.0));
    let f: fn(f64, f32, f64) -> (f64, f32) = v_rev_only;
    assert_eq!(f(2.0, 3.0, 1.0), (3.0, 2.0));

    let x = [2.0, 3.0];
    let (mut y, mut d, mut e) = ([0.0; 2], [0.0; 2], [0.0; 2]);
    let f: fn(Slice, Slice, Pair, Pair) = r_fwd;
    f(&x, &[1.0, 1.0], &mut y, &mut d);
    assert_eq!((y, d), ([6.0, 2.0], [5.0, 1.0]));
    let f: fn(Slice, Slice, Slice, Pair, Pair, Pair) = r_fwd2;
    f(&x, &[1.0, 0.0], &[0.0, 1.0], &mut y, &mut d, &mut e);
    assert_eq!((d, e), ([3.0, 1.0], [2.0, 0.0]));
    // One reference stands for the shadows of all directions.
    let _: fn(Slice, Slice, Pair, Pair) = r_fwd2v;
    let (mut dx, mut dy) = (vec![0.0; 2], [1.0, 10.0]);
    let f: fn(Slice, &mut [f64], Pair, Pair) = r_rev;
    f(&x, &mut dx, &mut y, &mut dy);
    assert_eq!((dx, dy), (vec![13.0, 2.0], [0.0; 2]));
    let _: fn(Slice, &mut [f64], Pair) = r_rev_const;

    let f: fn(&(f64, u8), &(f64, u8)) -> (f64, f64) = m_fwd;
    assert_eq!(f(&(2.0, 3), &(1.0, 0)), (6.0, 3.0));
    let f: fn(&(f64, u8), &mut (f64, u8), f64) -> f64 = m_rev;
    let mut d = (0.0, 0);
    assert_eq!(f(&(2.0, 3), &mut d, 1.0), 6.0);
    assert_eq!(d, (3.0, 0));
    let f: fn(&f32, &mut f32, f32) -> f32 = g_rev::<f32>;
    let mut d = 0.0;
    assert_eq!(f(&2.0, &mut d, 1.0), 4.0);
    assert_eq!(d, 4.0);
    let f: fn(&Scale, f64, f64) -> (f64, f64) = Scale::fwd;
    assert_eq!(f(&Scale(2.0), 3.0, 1.0), (6.0, 2.0));
    let f: fn(&Scale, &mut Scale, f64, f64) -> (f64, f64) = Scale::rev;
    let mut d = Scale(0.0);
    assert_eq!(f(&Scale(2.0), &mut d, 3.0, 1.0), (6.0, 2.0));
    assert_eq!(d.0, 3.0);
}
