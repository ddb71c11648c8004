// Arguments and results by value: floats, tuples, arrays, structs.
// RUN: %rustc_linkgrad -O %s -o %t.O && %t.O | FileCheck %s
// RUN: %rustc_linkgrad %s -o %t.debug && %t.debug | FileCheck %s
// RUN: %rustc_linkgrad -O -Cpanic=abort %s -o %t.abort && %t.abort | FileCheck %s

#[path = "Inputs/check.rs"]
mod check;
use check::*;
use linkgrad::*;

#[autodiff_forward(scalar_fwd, Dual, Dual, Dual)]
#[autodiff_reverse(scalar_rev, Active, Active, Active)]
fn scalar(x: f64, y: f64) -> f64 {
    (x * y).sin() + x.powi(3) / y
}

#[autodiff_forward(single_fwd, Dual, Const, Dual, Dual)]
#[autodiff_reverse(single_rev, Active, Const, Active, Active)]
fn single(x: f32, n: i32, y: f32) -> f32 {
    x.powi(n) * y.exp()
}

#[autodiff_forward(mixed_fwd, Dual, Dual, DualOnly)]
#[autodiff_reverse(mixed_rev, Active, Active, ActiveOnly)]
fn mixed(x: f32, y: f64) -> f64 {
    f64::from(x) * y.sqrt()
}

#[autodiff_forward(pair_fwd, Dual, Dual, Dual)]
#[autodiff_reverse(pair_rev, Active, Active, Active)]
fn pair(x: f64, y: f64) -> (f64, f64) {
    (x * y, x / y)
}

#[autodiff_forward(triple_fwd, Dual, Dual)]
#[autodiff_reverse(triple_rev, Active, Active)]
fn triple((x, y): (f32, f32)) -> (f32, f32, f32) {
    (x * y, x + y * y, x.cos())
}

#[autodiff_forward(array_fwd, Dual, Dual)]
#[autodiff_reverse(array_rev, Active, Active)]
fn array(x: [f64; 5]) -> [f64; 5] {
    let mut y = [0.0; 5];
    for i in 0..5 {
        y[i] = x[i] * x[(i + 1) % 5];
    }
    y
}

#[derive(Clone, Copy)]
struct Point {
    x: f64,
    y: f64,
}

#[derive(Clone, Copy)]
struct Body {
    mass: f64,
    at: Point,
    speed: Point,
    id: u32,
}

#[autodiff_forward(point_fwd, Dual, Dual)]
#[autodiff_reverse(point_rev, Active, Active)]
fn point(p: Point) -> Point {
    Point { x: p.x * p.y, y: p.y.ln() }
}

#[autodiff_forward(body_fwd, Dual, Const, Dual)]
#[autodiff_reverse(body_rev, Active, Const, Active)]
fn body(b: Body, steps: usize) -> Body {
    let mut b = b;
    for _ in 0..steps {
        let r = (b.at.x * b.at.x + b.at.y * b.at.y).sqrt();
        b.speed.x -= 0.1 * b.mass * b.at.x / (r * r * r);
        b.speed.y -= 0.1 * b.mass * b.at.y / (r * r * r);
        b.at.x += 0.1 * b.speed.x;
        b.at.y += 0.1 * b.speed.y;
    }
    b
}

impl Body {
    fn from(x: &[f64]) -> Body {
        Body {
            mass: x[0],
            at: Point { x: x[1], y: x[2] },
            speed: Point { x: x[3], y: x[4] },
            id: 7,
        }
    }
    fn list(&self) -> Vec<f64> {
        vec![self.mass, self.at.x, self.at.y, self.speed.x, self.speed.y]
    }
}

#[autodiff_reverse(nothing_rev, Const, Const)]
fn nothing(x: f64) -> f64 {
    x + 1.0
}

fn main() {
    // CHECK: scalar: ok
    check("scalar", F64, 2, |x| vec![scalar(x[0], x[1])],
        |x, v| { let (y, dy) = scalar_fwd(x[0], v[0], x[1], v[1]); assert_eq!(y, scalar(x[0], x[1])); vec![dy] },
        |x, u| { let (y, dx, dy) = scalar_rev(x[0], x[1], u[0]); assert_eq!(y, scalar(x[0], x[1])); vec![dx, dy] });
    // CHECK: single: ok
    check("single", F32, 2, |x| vec![single(x[0] as f32, 3, x[1] as f32) as f64],
        |x, v| vec![single_fwd(x[0] as f32, v[0] as f32, 3, x[1] as f32, v[1] as f32).1 as f64],
        |x, u| { let (_, a, b) = single_rev(x[0] as f32, 3, x[1] as f32, u[0] as f32); vec![a as f64, b as f64] });
    // CHECK: mixed: ok
    check("mixed", F32, 2, |x| vec![mixed(x[0] as f32, x[1])],
        |x, v| vec![mixed_fwd(x[0] as f32, v[0] as f32, x[1], v[1])],
        |x, u| { let (a, b): (f32, f64) = mixed_rev(x[0] as f32, x[1], u[0]); vec![a as f64, b] });
    // CHECK: pair: ok
    check("pair", F64, 2, |x| { let y = pair(x[0], x[1]); vec![y.0, y.1] },
        |x, v| { let (_, d) = pair_fwd(x[0], v[0], x[1], v[1]); vec![d.0, d.1] },
        |x, u| { let (_, a, b) = pair_rev(x[0], x[1], (u[0], u[1])); vec![a, b] });
    // CHECK: triple: ok
    check("triple", F32, 2,
        |x| { let y = triple((x[0] as f32, x[1] as f32)); vec![y.0 as f64, y.1 as f64, y.2 as f64] },
        |x, v| { let (_, d) = triple_fwd((x[0] as f32, x[1] as f32), (v[0] as f32, v[1] as f32)); vec![d.0 as f64, d.1 as f64, d.2 as f64] },
        |x, u| { let (_, d) = triple_rev((x[0] as f32, x[1] as f32), (u[0] as f32, u[1] as f32, u[2] as f32)); vec![d.0 as f64, d.1 as f64] });
    // CHECK: array: ok
    let five = |x: &[f64]| -> [f64; 5] { x.try_into().unwrap() };
    check("array", F64, 5, |x| array(five(x)).to_vec(),
        |x, v| array_fwd(five(x), five(v)).1.to_vec(),
        |x, u| array_rev(five(x), five(u)).1.to_vec());
    // CHECK: point: ok
    let point_of = |x: &[f64]| Point { x: x[0], y: x[1] };
    let list = |p: Point| vec![p.x, p.y];
    check("point", F64, 2, |x| list(point(point_of(x))),
        |x, v| list(point_fwd(point_of(x), point_of(v)).1),
        |x, u| list(point_rev(point_of(x), point_of(u)).1));
    // CHECK: body: ok
    check("body", F64, 5, |x| body(Body::from(x), 3).list(),
        |x, v| { let (y, d) = body_fwd(Body::from(x), Body::from(v), 3); assert_eq!(y.id, 7); d.list() },
        |x, u| { let (y, d) = body_rev(Body::from(x), 3, Body::from(u)); assert_eq!(y.id, 7); d.list() });
    // CHECK: 3
    println!("{}", nothing_rev(2.0));
}
