//! Real nodes over real sockets on loopback. Every wait is for an event, none for time to pass.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where something unexpected happens")]

mod common;

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use bytes::Bytes;
use cohub_net::{Event, NetError, Published, Rate, Refusal, RequestError, StopReason, Verdict, spawn};
use common::{Node, QUIC, TCP, settings};

/// What became of the node's next request that ended.
async fn outcome(node: &mut Node) -> Result<Bytes, RequestError> {
    node.until("an end of a request", |event| match event {
        Event::Response { bytes, .. } => Some(Ok(bytes)),
        Event::RequestFailed { why, .. } => Some(Err(why)),
        _ => None,
    })
    .await
}

async fn ask_and_answer(transport: &str) {
    let mut alice = Node::start(&settings(1, transport)).await;
    let mut bob = Node::start(&settings(2, transport)).await;
    alice.add(&bob).await;
    alice.until_connected(bob.key()).await;
    bob.until_connected(alice.key()).await;

    let long: Bytes = (0..200_000_u32).map(|number| u8::try_from(number % 251).unwrap()).collect();
    let id = alice.handle.request(bob.key(), long.clone()).await.unwrap();
    assert_eq!(bob.answer_one().await, alice.key());
    let bytes = alice
        .until("response", |event| match event {
            Event::Response { peer, id: of, bytes } if peer == bob.key() && of == id => Some(bytes),
            _ => None,
        })
        .await;
    assert!(bytes.iter().eq(long.iter().rev()));
}

#[tokio::test]
async fn a_request_is_answered_over_tcp() {
    ask_and_answer(TCP).await;
}

#[tokio::test]
async fn a_request_is_answered_over_quic() {
    ask_and_answer(QUIC).await;
}

#[tokio::test]
async fn a_request_connects_first_where_an_address_is_known() {
    let mut config = settings(1, TCP);
    config.dial.wanted = 0;
    let mut alice = Node::start(&config).await;
    let mut bob = Node::start(&settings(2, TCP)).await;
    alice.add(&bob).await;
    alice.handle.request(bob.key(), Bytes::from_static(b"ab")).await.unwrap();
    bob.answer_one().await;
    assert_eq!(outcome(&mut alice).await, Ok(Bytes::from_static(b"ba")));

    alice.handle.request(Node::start(&settings(3, TCP)).await.key(), Bytes::new()).await.unwrap();
    assert_eq!(outcome(&mut alice).await, Err(RequestError::NotReachable), "nobody told its address");
}

#[tokio::test]
async fn what_is_too_large_is_refused_on_either_side() {
    let mut alice = Node::start(&settings(1, TCP)).await;
    let mut narrow = settings(2, TCP);
    narrow.limits.request_max_bytes = 1_000;
    let mut bob = Node::start(&narrow).await;
    alice.add(&bob).await;
    alice.until_connected(bob.key()).await;

    let beyond = Bytes::from(vec![0; 256 * 1024 + 1]);
    let refused = alice.handle.request(bob.key(), beyond).await;
    assert!(matches!(refused, Err(NetError::TooLarge { what: "request", bytes: 262_145, limit: 262_144 })));

    alice.handle.request(bob.key(), Bytes::from(vec![0; 1_001])).await.unwrap();
    assert_eq!(outcome(&mut alice).await, Err(RequestError::Refused(Refusal::TooLarge)));
    alice.handle.request(bob.key(), Bytes::from(vec![0; 1_000])).await.unwrap();
    bob.answer_one().await;
    assert_eq!(outcome(&mut alice).await.unwrap().len(), 1_000);
}

#[tokio::test]
async fn a_stranger_that_asks_too_much_is_refused_and_a_known_peer_is_not() {
    let mut alice = Node::start(&settings(1, TCP)).await;
    let mut strict = settings(2, TCP);
    strict.limits.stranger_rate = Rate { per_second: 1, burst: 2 };
    let mut bob = Node::start(&strict).await;
    alice.add(&bob).await;
    alice.until_connected(bob.key()).await;

    let mut refusals = 0;
    for _ in 0..4 {
        alice.handle.request(bob.key(), Bytes::from_static(b"q")).await.unwrap();
        tokio::select! {
            ended = outcome(&mut alice) => {
                assert_eq!(ended, Err(RequestError::Refused(Refusal::TooManyRequests)));
                refusals += 1;
            }
            _ = bob.answer_one() => assert!(outcome(&mut alice).await.is_ok()),
        }
    }
    assert!(refusals >= 1, "two at once and one a second were allowed");

    bob.add(&alice).await;
    for _ in 0..20 {
        alice.handle.request(bob.key(), Bytes::from_static(b"q")).await.unwrap();
        bob.answer_one().await;
        assert!(outcome(&mut alice).await.is_ok());
    }
}

#[tokio::test]
async fn an_application_that_falls_behind_loses_nothing_it_was_promised() {
    let mut alice = Node::start(&settings(1, TCP)).await;
    let mut slow = settings(2, TCP);
    slow.limits.event_queue = 2;
    let mut bob = Node::start(&slow).await;
    alice.add(&bob).await;
    alice.until_connected(bob.key()).await;

    // Bob reads nothing. The connection and one request fill his queue, one more waits behind it.
    for _ in 0..3 {
        alice.handle.request(bob.key(), Bytes::from_static(b"ab")).await.unwrap();
    }
    assert_eq!(outcome(&mut alice).await, Err(RequestError::Refused(Refusal::Busy)));

    bob.until_connected(alice.key()).await;
    for _ in 0..2 {
        bob.answer_one().await;
        assert_eq!(outcome(&mut alice).await, Ok(Bytes::from_static(b"ba")));
    }
}

#[tokio::test]
async fn gossip_travels_on_only_after_it_was_accepted() {
    let mut alice = Node::start(&settings(1, TCP)).await;
    let mut bob = Node::start(&settings(2, TCP)).await;
    let mut carol = Node::start(&settings(3, TCP)).await;
    bob.add(&alice).await;
    bob.add(&carol).await;
    alice.add(&bob).await;
    carol.add(&bob).await;
    alice.until_subscribed(bob.key()).await;
    carol.until_subscribed(bob.key()).await;
    // Bob passes on what he has accepted to those whose subscription he knows.
    let mut awaited = vec![alice.key(), carol.key()];
    bob.until("both subscribed", |event| {
        if let Event::Subscribed { peer } = event {
            awaited.retain(|other| *other != peer);
        }
        awaited.is_empty().then_some(())
    })
    .await;

    for (content, verdict) in
        [("ignored", Verdict::Ignore), ("rejected", Verdict::Reject), ("accepted", Verdict::Accept)]
    {
        let sent = alice.handle.publish(Bytes::from(content)).await.unwrap();
        let Published::Sent(sent) = sent else { panic!("{content}: {sent:?}") };
        let message = bob
            .until("gossip", |event| match event {
                Event::Gossip { peer, message, bytes } if bytes == content => {
                    assert_eq!(peer, alice.key());
                    Some(message)
                }
                _ => None,
            })
            .await;
        assert_eq!(message, sent);
        bob.handle.verdict(message, verdict).await.unwrap();
    }
    let reached = carol
        .until("gossip", |event| match event {
            Event::Gossip { peer, bytes, .. } => Some((peer, bytes)),
            _ => None,
        })
        .await;
    assert_eq!(
        reached,
        (bob.key(), Bytes::from("accepted")),
        "the first that reaches her is the accepted one"
    );

    let again = alice.handle.publish(Bytes::from("accepted")).await.unwrap();
    assert_eq!(again, Published::Duplicate);
}

#[tokio::test]
async fn gossip_needs_a_network_and_somebody_who_is_known() {
    let mut apart = settings(1, TCP);
    apart.network = None;
    let mut alice = Node::start(&apart).await;
    let mut bob = Node::start(&settings(2, TCP)).await;
    bob.add(&alice).await;
    bob.until_connected(alice.key()).await;
    alice.until_connected(bob.key()).await;
    let publish = |text| alice.handle.publish(Bytes::from_static(text));
    assert_eq!(publish(b"one").await.unwrap(), Published::NoNetwork);
    alice.handle.join("test".to_owned()).await.unwrap();
    assert_eq!(publish(b"two").await.unwrap(), Published::NobodyListens, "bob is a stranger to alice");

    let (handle, key) = (alice.handle.clone(), alice.key());
    handle.add_peer(bob.key(), Vec::new()).await.unwrap();
    alice.until_subscribed(bob.key()).await;
    bob.until_subscribed(key).await;
    assert!(matches!(handle.publish(Bytes::from_static(b"three")).await.unwrap(), Published::Sent(_)));
    bob.until("gossip", |event| match event {
        Event::Gossip { bytes, .. } if bytes == "three" => Some(()),
        _ => None,
    })
    .await;
}

#[tokio::test]
async fn a_restarted_peer_is_dialled_again() {
    let mut alice = Node::start(&settings(1, TCP)).await;
    let bob = Node::start(&settings(2, TCP)).await;
    let (key, address) = (bob.key(), bob.address.to_string());
    alice.add(&bob).await;
    alice.until_connected(key).await;
    bob.handle.shutdown().await.unwrap();
    alice.until_disconnected(key).await;
    let why = alice
        .until("a failed dial", |event| match event {
            Event::DialFailed { peer: Some(peer), why, .. } if peer == key => Some(why),
            _ => None,
        })
        .await;
    assert!(why.to_lowercase().contains("refused"), "{why}");
    let status = alice.handle.peers().await.unwrap().into_iter().find(|status| status.peer == key).unwrap();
    assert!(!status.connected && status.since.is_some());
    assert_eq!(status.addresses[0].last_error.as_deref(), Some(why.as_str()));

    let mut bob = Node::start(&settings(2, &address)).await;
    alice.until_connected(key).await;
    bob.until_connected(alice.key()).await;
    let status = alice.handle.peers().await.unwrap().into_iter().find(|status| status.peer == key).unwrap();
    assert!(status.connected && status.known);
    assert_eq!(status.addresses[0].last_error, None);
}

#[tokio::test]
async fn a_port_in_use_is_named() {
    for transport in [TCP, QUIC] {
        let alice = Node::start(&settings(1, transport)).await;
        let text = alice.address.to_string();
        let port = alice.address.port().unwrap();
        match spawn(&settings(2, &text)) {
            Err(error @ NetError::AddressInUse { .. }) => {
                assert!(error.to_string().starts_with(&format!("port {port} is in use")), "{error}");
            }
            other => panic!("{transport}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_node_bound_to_this_machine_neither_listens_nor_dials_elsewhere() {
    let Err(error) = spawn(&settings(1, "/ip4/0.0.0.0/tcp/0")) else { panic!("it listens") };
    assert!(error.to_string().contains("stay on this machine"), "{error}");
    let mut alice = Node::start(&settings(1, TCP)).await;
    // An address set aside for documentation: if it were dialled, nobody would answer for long.
    alice.handle.dial("/ip4/192.0.2.1/tcp/4001".parse().unwrap()).await.unwrap();
    let why = alice
        .until("a refusal", |event| match event {
            Event::DialFailed { why, .. } => Some(why),
            _ => None,
        })
        .await;
    assert!(why.contains("may not"), "{why}");
}

#[tokio::test]
async fn garbage_on_the_port_harms_nothing() {
    let mut alice = Node::start(&settings(1, TCP)).await;
    let mut bob = Node::start(&settings(2, TCP)).await;
    let port = bob.address.port().unwrap();
    let sent = tokio::task::spawn_blocking(move || {
        for garbage in
            [&[0xff; 4_096][..], b"GET / HTTP/1.1\r\n\r\n", b"\x13/multistream/1.0.0\n\x07/noise\n\0\0"]
        {
            let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
            stream.write_all(garbage).unwrap();
            // Both end when the node gives the connection up; an error is an end too.
            let _ = stream.shutdown(std::net::Shutdown::Write);
            let _ = stream.read_to_end(&mut Vec::new());
        }
    });
    sent.await.unwrap();
    alice.add(&bob).await;
    alice.until_connected(bob.key()).await;
    alice.handle.request(bob.key(), Bytes::from_static(b"ab")).await.unwrap();
    bob.answer_one().await;
    assert_eq!(outcome(&mut alice).await, Ok(Bytes::from_static(b"ba")));
}

#[tokio::test]
async fn a_blocked_peer_cannot_connect_until_it_is_unblocked() {
    let mut alice = Node::start(&settings(1, TCP)).await;
    let mut bob = Node::start(&settings(2, TCP)).await;
    alice.add(&bob).await;
    bob.until_connected(alice.key()).await;
    bob.handle.block(alice.key()).await.unwrap();
    bob.until_disconnected(alice.key()).await;
    // Alice keeps trying; bob sees none of it.
    for _ in 0..2 {
        alice.until_disconnected(bob.key()).await;
    }
    bob.handle.dial(alice.address.with_peer(alice.key())).await.unwrap();
    let event = bob
        .until("an end of the dial", |event| match event {
            Event::Connected { .. } | Event::DialFailed { .. } => Some(event),
            _ => None,
        })
        .await;
    assert!(matches!(event, Event::DialFailed { .. }), "{event:?}");

    bob.handle.unblock(alice.key()).await.unwrap();
    bob.until_connected(alice.key()).await;
}

#[tokio::test]
async fn an_address_where_somebody_else_answers_is_refused() {
    let mut alice = Node::start(&settings(1, TCP)).await;
    let bob = Node::start(&settings(2, TCP)).await;
    let carol = Node::start(&settings(3, TCP)).await;
    alice.handle.dial(bob.address.with_peer(carol.key())).await.unwrap();
    let why = alice
        .until("a failed dial", |event| match event {
            Event::DialFailed { why, .. } => Some(why),
            _ => None,
        })
        .await;
    assert_eq!(why, format!("another node answers there: {}", bob.key()));
}

#[tokio::test]
async fn a_known_peer_is_tried_again_after_a_dial_that_was_asked_for_failed() {
    let mut alice = Node::start(&settings(1, TCP)).await;
    let bob = Node::start(&settings(2, TCP)).await;
    let (key, address) = (bob.key(), bob.address.clone());
    bob.handle.shutdown().await.unwrap();
    // The second attempt is left to the first, which fails.
    alice.dial(&bob).await;
    alice.add(&bob).await;
    alice.until("a failed dial", |event| matches!(event, Event::DialFailed { .. }).then_some(())).await;
    let bob = Node::start(&settings(2, &address.to_string())).await;
    alice.until_connected(key).await;
    drop(bob);
}

#[tokio::test]
async fn a_peer_without_address_is_found_through_others() {
    let mut alice = Node::start(&settings(1, TCP)).await;
    let mut bob = Node::start(&settings(2, TCP)).await;
    let mut carol = Node::start(&settings(3, TCP)).await;
    carol.add(&bob).await;
    bob.until_connected(carol.key()).await;
    carol.until_connected(bob.key()).await;
    alice.handle.add_peer(carol.key(), Vec::new()).await.unwrap();
    alice.dial(&bob).await;
    alice.until_connected(carol.key()).await;
}

#[tokio::test]
async fn shutdown_lets_the_response_leave_and_is_the_last_event() {
    let mut alice = Node::start(&settings(1, TCP)).await;
    let mut bob = Node::start(&settings(2, TCP)).await;
    alice.add(&bob).await;
    alice.until_connected(bob.key()).await;
    alice.handle.request(bob.key(), Bytes::from(vec![7; 200_000])).await.unwrap();
    bob.answer_one().await;
    bob.handle.shutdown().await.unwrap();
    assert_eq!(outcome(&mut alice).await.unwrap().len(), 200_000);
    let why = bob
        .until("stopped", |event| match event {
            Event::Stopped { why } => Some(why),
            _ => None,
        })
        .await;
    assert_eq!(why, StopReason::Asked);
    assert!(bob.events.recv().await.is_none());
    assert!(matches!(bob.handle.peers().await, Err(NetError::Stopped)));
}
