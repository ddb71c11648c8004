// What is not differentiated ends the build with an error that names the place.
// RUN: not %rustc_linkgrad -O %s -o %t 2>&1 | FileCheck %s
// RUN: not %rustc_linkgrad %s -o %t 2>&1 | FileCheck %s
// RUN: test ! -e %t

use linkgrad::*;

#[autodiff_reverse(grows_rev, Duplicated, Active)]
#[inline(never)]
fn grows(x: &[f64]) -> f64 {
    let mut logs = Vec::new();
    for x in x {
        logs.push(x.ln());
    }
    logs.iter().product()
}
// CHECK-DAG: error: no derivative of 'realloc': LinkGrad has no rule for this library function [unsupported-call]
// CHECK-DAG: note: called here: {{.*}}: 'refused::grows::{{.*}}' calls '{{.*}}grow_one
// CHECK-DAG: note: requested by refused::grows_rev::{{.*}} at {{.*}}refused.rs:[[#@LINE-11]]:1

fn main() {
    let mut d = [0.0; 2];
    println!("{}", grows_rev(&[1.0, 2.0], &mut d, 1.0));
}
