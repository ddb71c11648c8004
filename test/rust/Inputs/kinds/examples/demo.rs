fn main() {
    println!("example {:?} {}", kinds::product!(), cfg!(mine));
}
