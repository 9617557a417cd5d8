//! The runner of stories, with a shell's own words in place of the binary.

use super::*;

fn play(text: &str) -> Result<(), StoryError> {
    Story::parse("story.md", text)?.play(&mut World::new(None).unwrap())
}

fn failure(text: &str) -> String {
    play(text).unwrap_err().0
}

#[test]
fn a_story_that_is_true_passes() {
    play(
        "# Two hubs\n\nVienna writes something down.\n\n\
         ```cohub hub=vienna\n$ echo ballot-17 is cast\n[BALLOT] is cast\n```\n\n\
         Ankara reads it.\n\n\
         ```cohub hub=ankara\n$ echo \"$BALLOT\" \\\n  counts\n[BALLOT] counts\n\n$ basename $COHUB_HOME\nankara\n```\n",
    )
    .unwrap();
}

#[test]
fn a_command_that_shows_something_else_is_named_with_its_line() {
    let why = failure("```cohub\n$ echo one; echo two\none\n...\nthree\n```\n");
    assert!(why.starts_with("story.md:2: $ echo one"), "{why}");
    assert!(why.contains("- three") && why.contains("two"), "{why}");
}

#[test]
fn a_name_stays_what_it_was() {
    let why = failure("```cohub\n$ echo a\n[ID]\n$ echo b\n[ID]\n```\n");
    assert!(why.starts_with("story.md:4"), "{why}");
}

#[test]
fn exit_codes_are_part_of_what_is_shown() {
    play("```cohub\n$ echo no >&2; exit 5\nno\n(exit 5)\n```\n").unwrap();
    assert!(failure("```cohub\n$ exit 5\n```\n").contains("exit code 5, expected 0"));
    assert!(failure("```cohub\n$ true\n(exit 5)\n```\n").contains("exit code 0, expected 5"));
}

#[test]
fn files_stand_on_the_desk() {
    play("```toml file=a/charter.toml\ntitle = \"x\"\n```\n\n```cohub\n$ cat a/charter.toml\ntitle = \"x\"\n```\n")
        .unwrap();
}

#[test]
fn what_takes_time_is_waited_for() {
    let eventually = "$ echo x >> seen; wc -l < seen\n3\n```\n";
    play(&format!("```cohub within=20s\n{eventually}")).unwrap();
    assert!(failure(&format!("```cohub\n{eventually}")).contains("- 3"));
}

#[test]
fn a_process_runs_until_it_is_ended() {
    let start = "```cohub hub=vienna\n$ sh -c 'echo up; while :; do sleep 0.05; done' &\nup\n";
    play(&format!("{start}$ kill -9 %1\n```\n")).unwrap();
    play(&format!("{start}```\n")).unwrap();
    assert!(failure(&format!("{start}$ kill %1\n```\n")).contains("it ended with signal: 15"));
    assert!(failure("```cohub hub=vienna\n$ kill %1\n```\n").contains("nothing runs"));
    assert!(failure("```cohub hub=vienna\n$ echo no &\nup\n```\n").contains("it ended with exit status: 0"));
}

#[test]
fn a_process_that_ends_well_when_asked_passes() {
    play("```cohub hub=vienna\n$ sh -c 'trap \"exit 0\" TERM; echo up; while :; do sleep 0.05; done' &\nup\n$ kill %1\n```\n")
        .unwrap();
}

#[test]
fn blocks_that_make_no_sense_are_refused() {
    for text in [
        "# Only prose\n",
        "```sh\n$ echo\n```\n",
        "```cohub\noutput first\n```\n",
        "```cohub whom=vienna\n$ true\n```\n",
        "```cohub within=soon\n$ true\n```\n",
        "```cohub\n$ sleep 1 &\n```\n",
        "```cohub\n$ true\n(exit x)\n```\n",
    ] {
        assert!(Story::parse("story.md", text).is_err(), "{text}");
    }
}
