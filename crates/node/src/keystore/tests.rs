//! Keys that open, keys that are lost, and keys that are put back.

use super::*;

#[test]
fn a_key_opens_with_its_passphrase_and_no_other() {
    let temp = tempfile::tempdir().unwrap();
    let keystore = Keystore::open(&Home::at(temp.path()).unwrap());
    let secret = SecretKey::from_seed(&[5; 32]);
    let right = Passphrase::new("correct horse\n");
    keystore.keep("controller", &secret, &[], &right, 2).unwrap();
    assert_eq!(keystore.unlock("controller", &right).unwrap().public(), secret.public());
    let wrong = keystore.unlock("controller", &Passphrase::new("wrong")).unwrap_err();
    assert!(matches!(wrong, NodeError::Passphrase(_)), "{wrong}");
    assert!(matches!(keystore.unlock("nobody", &right), Err(NodeError::NoKey(_))));
    assert!(keystore.keep("controller", &secret, &[], &right, 2).is_err());
}

#[test]
fn a_lost_key_is_put_back_from_its_copy_and_nothing_else_is_touched() {
    let temp = tempfile::tempdir().unwrap();
    let keystore = Keystore::open(&Home::at(temp.path()).unwrap());
    let (secret, words) = (SecretKey::from_seed(&[5; 32]), Passphrase::new("correct horse"));
    let info = keystore.keep("ada", &secret, &[Role::Panelist], &words, 2).unwrap();
    let file = temp.path().join("keys/ada.age");
    let copy = std::fs::read(&file).unwrap();
    assert!(!keystore.restore(&info, &copy, &words).unwrap(), "it is here");
    std::fs::remove_file(&file).unwrap();
    assert_eq!(keystore.lost().unwrap(), ["ada"]);
    let wrong = keystore.restore(&info, &copy, &Passphrase::new("wrong")).unwrap_err();
    assert!(matches!(wrong, NodeError::Passphrase(_)), "{wrong}");
    assert!(keystore.restore(&info, &copy[..copy.len() - 1], &words).is_err(), "a damaged copy");
    assert!(!file.exists(), "nothing was written");
    assert!(keystore.restore(&info, &copy, &words).unwrap());
    assert_eq!(keystore.unlock("ada", &words).unwrap().public(), secret.public());
    assert!(keystore.lost().unwrap().is_empty());
    // A copy that names another key than it holds, and a label that another key has.
    let other = SecretKey::from_seed(&[6; 32]).public();
    let named = KeyInfo { label: "eve".to_owned(), key: other, ..info.clone() };
    assert!(keystore.restore(&named, &copy, &words).is_err());
    assert!(keystore.find("eve").is_err());
    assert!(keystore.restore(&KeyInfo { key: other, ..info.clone() }, &copy, &words).is_err());
    // Into a directory whose index is gone too.
    let temp = tempfile::tempdir().unwrap();
    let keystore = Keystore::open(&Home::at(temp.path()).unwrap());
    assert!(keystore.restore(&info, &copy, &words).unwrap());
    assert_eq!(keystore.find("ada").unwrap().roles, [Role::Panelist]);
}

#[test]
fn tellers_are_made_one_after_another_and_erased_one_by_one() {
    let temp = tempfile::tempdir().unwrap();
    let keystore = Keystore::open(&Home::at(temp.path()).unwrap());
    let first = SecretKey::from_seed(&[6; 32]);
    keystore.keep_machine("teller", &first, Role::Teller).unwrap();
    let (info, second) = keystore.make_teller().unwrap();
    assert_eq!((info.label.as_str(), info.encrypted), ("teller-2", false));
    keystore.erase_teller(&first.public()).unwrap();
    keystore.erase_teller(&first.public()).unwrap();
    assert!(!temp.path().join("keys/teller.key").exists());
    let left: Vec<PublicKey> = keystore.tellers().unwrap().iter().map(SecretKey::public).collect();
    assert_eq!(left, [second.public()]);
    assert_eq!(keystore.make_teller().unwrap().0.label, "teller-3");
    // A person's key is no machine's to erase.
    let (person, words) = (SecretKey::from_seed(&[7; 32]), Passphrase::new("correct horse"));
    keystore.keep("ada", &person, &[Role::Representative], &words, 2).unwrap();
    keystore.erase_teller(&person.public()).unwrap();
    assert!(keystore.unlock("ada", &words).is_ok());
    // An erasure that was broken off between the file and the index keeps no node from starting.
    std::fs::remove_file(temp.path().join("keys/teller-2.key")).unwrap();
    assert_eq!(keystore.tellers().unwrap().len(), 1);
    keystore.erase_teller(&second.public()).unwrap();
    assert!(keystore.find("teller-2").is_err());
}

#[test]
fn a_machine_key_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let temp = tempfile::tempdir().unwrap();
    let keystore = Keystore::open(&Home::at(temp.path()).unwrap());
    let secret = SecretKey::from_seed(&[6; 32]);
    keystore.keep_machine("node", &secret, Role::Node).unwrap();
    assert_eq!(keystore.machine("node").unwrap().public(), secret.public());
    let mode = std::fs::metadata(temp.path().join("keys/node.key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}
