//! The binary `cohub`: arguments to calls, results to text or JSON.

fn main() -> std::process::ExitCode {
    cohub_cli::run()
}
