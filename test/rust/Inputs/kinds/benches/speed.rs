fn main() {
    println!("bench {:?} {}", kinds::product!(), cfg!(mine));
}
