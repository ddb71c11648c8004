// What Rust programs are made of: structs of vectors that grow, text beside floats,
// options and boxes, closures, objects with state, generic numbers, slices.
// RUN: %rustc_linkgrad -O %s -o %t.O && %t.O | FileCheck %s
// RUN: %rustc_linkgrad %s -o %t.debug && %t.debug | FileCheck %s

#[macro_use]
#[path = "Inputs/check.rs"]
mod check;
use check::*;
use linkgrad::*;
use std::rc::Rc;
use std::cell::{Cell, RefCell};

struct Layer { w: Vec<f64>, b: Vec<f64> }
#[derive(Clone, Debug)]
struct Named { name: String, v: f64, tag: u8 }
trait Op { fn run(&mut self, x: f64) -> f64; }
struct Acc { sum: f64, n: usize }
struct Gain { g: f64, hist: Vec<f64> }
impl Op for Acc { fn run(&mut self, x: f64) -> f64 { self.sum += x; self.n += 1; self.sum / self.n as f64 } }
impl Op for Gain { fn run(&mut self, x: f64) -> f64 { self.hist.push(x); self.g * self.hist.iter().sum::<f64>() } }
#[derive(Clone, Copy)]
struct Vec3<T> { x: T, y: T, z: T }
impl<T: std::ops::Add<Output = T>> std::ops::Add for Vec3<T> { type Output = Self; fn add(self, o: Self) -> Self { Vec3 { x: self.x + o.x, y: self.y + o.y, z: self.z + o.z } } }
impl<T: std::ops::Mul<Output = T> + std::ops::Sub<Output = T> + Copy> std::ops::Mul for Vec3<T> { type Output = Self; fn mul(self, o: Self) -> Self { Vec3 { x: self.y * o.z - self.z * o.y, y: self.z * o.x - self.x * o.z, z: self.x * o.y - self.y * o.x } } }
impl<T> std::ops::Index<usize> for Vec3<T> { type Output = T; fn index(&self, i: usize) -> &T { match i { 0 => &self.x, 1 => &self.y, _ => &self.z } } }
impl<T> std::ops::IndexMut<usize> for Vec3<T> { fn index_mut(&mut self, i: usize) -> &mut T { match i { 0 => &mut self.x, 1 => &mut self.y, _ => &mut self.z } } }
#[derive(Clone, Copy)]
struct Complex { re: f64, im: f64 }
impl std::ops::Mul for Complex { type Output = Self; fn mul(self, o: Self) -> Self { Complex { re: self.re * o.re - self.im * o.im, im: self.re * o.im + self.im * o.re } } }
impl std::ops::AddAssign for Complex { fn add_assign(&mut self, o: Self) { self.re += o.re; self.im += o.im } }
impl std::iter::Sum for Complex { fn sum<I: Iterator<Item = Self>>(i: I) -> Self { i.fold(Complex { re: 0.0, im: 0.0 }, |mut a, b| { a += b; a }) } }
struct Matrix<const R: usize, const C: usize>([[f64; C]; R]);
impl<const R: usize, const C: usize> Matrix<R, C> {
    fn mul<const K: usize>(&self, o: &Matrix<C, K>) -> Matrix<R, K> {
        let mut r = Matrix([[0.0; K]; R]);
        for i in 0..R { for j in 0..K { for k in 0..C { r.0[i][j] += self.0[i][k] * o.0[k][j]; } } }
        r
    }
}
trait Num: Copy + std::ops::Add<Output = Self> + std::ops::Mul<Output = Self> { fn from(x: f64) -> Self; fn sin(self) -> Self; fn get(self) -> f64; }
impl Num for f64 { fn from(x: f64) -> f64 { x } fn sin(self) -> f64 { f64::sin(self) } fn get(self) -> f64 { self } }
#[derive(Clone, Copy)]
struct Dual2 { v: f64, d: f64 }
impl std::ops::Add for Dual2 { type Output = Self; fn add(self, o: Self) -> Self { Dual2 { v: self.v + o.v, d: self.d + o.d } } }
impl std::ops::Mul for Dual2 { type Output = Self; fn mul(self, o: Self) -> Self { Dual2 { v: self.v * o.v, d: self.d * o.v + self.v * o.d } } }
impl Num for Dual2 { fn from(x: f64) -> Self { Dual2 { v: x, d: 1.0 } } fn sin(self) -> Self { Dual2 { v: self.v.sin(), d: self.v.cos() * self.d } } fn get(self) -> f64 { self.d } }
fn poly<T: Num>(c: &[T], x: T) -> T { c.iter().fold(T::from(0.5), |a, c| a * x + *c).sin() }

struct ListNode { v: f64, next: Option<Box<ListNode>> }

on_slices! {
    // CHECK: layers: ok
    layers, layers_fwd, layers_rev, 6, x, {
        let mut all: Vec<Layer> = Vec::new();
        for i in 0..x.len() {
            let mut l = Layer { w: Vec::new(), b: vec![] };
            for k in 0..=i { l.w.push(x[k] * x[i]); if k % 2 == 0 { l.b.push(x[k].sin()); } }
            all.push(l);
        }
        let mut s = 0.0;
        for l in &all { s += l.w.iter().sum::<f64>() * l.b.iter().product::<f64>(); }
        s
    }
    // CHECK: layers_grow: ok
    layers_grow, layers_grow_fwd, layers_grow_rev, 6, x, {
        let mut all: Vec<Layer> = Vec::new();
        for i in 0..x.len() {
            all.push(Layer { w: vec![x[i]], b: Vec::new() });
            for l in all.iter_mut() { l.w.push(x[i] * 2.0); l.b.push(x[i] * l.w[0]); }
        }
        all.iter().map(|l| l.w.iter().zip(&l.b).map(|(a, b)| a * b).sum::<f64>()).sum()
    }
    // CHECK: named: ok
    named, named_fwd, named_rev, 4, x, {
        let mut v = Vec::new();
        for (i, x) in x.iter().enumerate() { v.push(Named { name: format!("n{i}"), v: x.exp(), tag: i as u8 }); }
        v.retain(|n| n.name != "n2");
        let w = v.clone();
        w.iter().map(|n| n.v * n.name.len() as f64 * (n.tag as f64 + 1.0)).product()
    }
    // CHECK: opt_struct: ok
    opt_struct, opt_struct_fwd, opt_struct_rev, 4, x, {
        let v: Vec<Option<f64>> = x.iter().enumerate().map(|(i, x)| if i % 2 == 0 { Some(x * x) } else { None }).collect();
        let w: Option<f64> = v.iter().flatten().copied().reduce(|a, b| a * b);
        v[0].unwrap_or(1.0) + w.map_or(0.0, |w| w.sin()) + v[1].unwrap_or(x[1])
    }
    // CHECK: optbox: ok
    optbox, optbox_fwd, optbox_rev, 4, x, {
        let mut head: Option<Box<ListNode>> = None;
        for x in x { head = Some(Box::new(ListNode { v: x.cos(), next: head.take() })); }
        let mut p = 1.0; let mut at = &head;
        while let Some(n) = at { p = p * n.v + n.v; at = &n.next; }
        if let Some(n) = head.as_mut() { n.v *= 2.0; if let Some(m) = n.next.as_mut() { m.v += n.v; p *= m.v; } }
        p
    }
    // CHECK: captured: ok
    captured, captured_fwd, captured_rev, 4, x, {
        let mut total = x[0];
        let k = x[1];
        let mut add = |v: f64| { total += v * k; total };
        let r = add(x[2]) * add(x[3]);
        let mk = move |s: f64| move |v: f64| v * s + k;
        let f = mk(x[3]);
        r + f(total)
    }
    // CHECK: rc_float: ok
    rc_float, rc_float_fwd, rc_float_rev, 4, x, {
        let a = Rc::new(RefCell::new(x[0]));
        let b = a.clone();
        *b.borrow_mut() *= x[1];
        let c = Cell::new(x[2]);
        c.set(c.get() * *a.borrow());
        let old = c.replace(x[3]);
        let d = Rc::new(x[0] * x[3]);
        let r = old * c.get() + *d + *b.borrow() * Rc::strong_count(&a) as f64; r
    }
    // CHECK: rc_vec: ok
    rc_vec, rc_vec_fwd, rc_vec_rev, 4, x, {
        let shared: Rc<RefCell<Vec<f64>>> = Rc::new(RefCell::new(Vec::new()));
        let sinks: Vec<Rc<RefCell<Vec<f64>>>> = (0..3).map(|_| shared.clone()).collect();
        for (i, x) in x.iter().enumerate() { sinks[i % 3].borrow_mut().push(x * x); }
        let v = shared.borrow(); let r = v.iter().product::<f64>() + v.len() as f64 * v[0]; r
    }
    // CHECK: boxdyn: ok
    boxdyn, boxdyn_fwd, boxdyn_rev, 4, x, {
        let f: Box<dyn Fn(f64) -> f64> = if x[0] > 0.2 { let k = x[0]; Box::new(move |v| v * k) } else { Box::new(|v| v + 1.0) };
        f(x[1]) * f(x[2])
    }
    // CHECK: closures: ok
    closures, closures_fwd, closures_rev, 4, x, {
        // Nothing has to be run to drop these.
        let (a, b) = (x[0], x[1]);
        let all: Vec<Box<dyn Fn(f64) -> f64>> =
            vec![Box::new(move |y| y * a), Box::new(|y: f64| y.sin()), Box::new(move |y| y + a * b)];
        all.iter().fold(x[3], |y, f| f(y))
    }
    // CHECK: dynstate: ok
    dynstate, dynstate_fwd, dynstate_rev, 4, x, {
        let mut ops: Vec<Box<dyn Op>> = vec![Box::new(Acc { sum: x[0], n: 0 }), Box::new(Gain { g: x[1], hist: vec![] })];
        let mut v = 1.0;
        for x in x { for o in ops.iter_mut() { v = o.run(v * x); } }
        v
    }
    // CHECK: arraymap: ok
    arraymap, arraymap_fwd, arraymap_rev, 4, x, {
        let a: [f64; 4] = x.try_into().unwrap();
        let b = a.map(|v| v * v + 1.0);
        let c: [f64; 3] = std::array::from_fn(|i| b[i] * a[i + 1]);
        let d = [b, a].map(|r| r.iter().sum::<f64>());
        c.iter().product::<f64>() + d[0] * d[1]
    }
    // CHECK: slices: ok
    slices, slices_fwd, slices_rev, 6, x, {
        let mut y = [0.0; 8];
        y[1..7].copy_from_slice(x);
        y.swap(1, 5);
        { let (a, b) = y.split_at_mut(4); for (p, q) in a.iter_mut().zip(b.iter_mut()) { *p += *q * *q; std::mem::swap(p, q); } }
        for c in y.chunks_mut(3) { let n = c.len(); c[0] *= c[n - 1]; c.rotate_left(1); }
        y.copy_within(0..3, 4);
        y[2..].fill(x[0]);
        let mut z = y.to_vec();
        z.sort_by(|a, b| b.partial_cmp(a).unwrap());
        z.iter().enumerate().map(|(i, v)| v * (i + 1) as f64).sum::<f64>() + y.iter().rev().take(3).sum::<f64>()
    }
    // CHECK: generic: ok
    generic, generic_fwd, generic_rev, 4, x, {
        let a = Vec3 { x: x[0], y: x[1], z: x[2] }; let mut b = Vec3 { x: x[3], y: x[0] * x[1], z: 2.0 };
        b[1] *= x[2];
        let c = a * b + a; c[0] * c[1] + c[2]
    }
    // CHECK: complex: ok
    complex, complex_fwd, complex_rev, 4, x, {
        let z: Vec<Complex> = x.chunks(2).map(|c| Complex { re: c[0], im: c[1] }).collect();
        let mut p = z[0]; for _ in 0..3 { p = p * z[1]; p += z[0]; }
        let s: Complex = z.iter().map(|a| *a * p).sum(); s.re * s.im
    }
    // CHECK: consts: ok
    consts, consts_fwd, consts_rev, 6, x, {
        let a = Matrix::<2, 3>([[x[0], x[1], x[2]], [x[3], x[4], x[5]]]); let b = Matrix::<3, 2>([[x[1], x[2]], [x[3], x[0]], [x[5], x[4]]]);
        let c = a.mul(&b).mul(&a); c.0[0][2] * c.0[1][0]
    }
    // CHECK: nums: ok
    nums, nums_fwd, nums_rev, 4, x, {
        let d: Vec<Dual2> = x.iter().map(|v| Dual2 { v: *v, d: 0.0 }).collect();
        poly(x, x[0]) + poly(&d, Dual2 { v: x[1], d: 1.0 }).get()
    }
}
