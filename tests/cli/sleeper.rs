//! A program that takes any arguments, starts a few threads and waits to be killed.

use std::thread;
use std::time::Duration;

fn main() {
    for _ in 0..3 {
        thread::spawn(|| thread::sleep(Duration::from_mins(10)));
    }
    thread::sleep(Duration::from_mins(10));
}
