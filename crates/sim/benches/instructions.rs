//! Does one thing so many times, for a tool that counts instructions: their number is the same in every run, whatever
//! else the machine does. `instructions compile|name|service MACHINES TIMES`.

#[allow(dead_code, reason = "the other benchmarks use the rest of it")]
mod hub_and_spoke;

use std::hint::black_box;

use sim::{Session, compile, send};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    // Run by `cargo bench` without arguments, it has nothing to count.
    let [what, machines, times] = arguments.as_slice() else { return };
    let number = |text: &String| text.parse::<usize>().expect("a number");
    let (machines, times) = (number(machines), number(times));
    let document = hub_and_spoke::document(machines);
    if what == "compile" {
        for _ in 0..times {
            black_box(compile(black_box(&document)));
        }
        return;
    }
    let network = compile(&document).0;
    let request = match what.as_str() {
        "name" => hub_and_spoke::blob_by_name(machines),
        "service" => hub_and_spoke::web_by_address(),
        other => panic!("'{other}' is not compile, name or service"),
    };
    for _ in 0..times {
        black_box(send(black_box(&network), &mut Session::new(), black_box(&request)));
    }
}
