//! Handovers: the last record of a teller whose committee is succeeded (Protocol 6.7).

use cohub_record::positional;

use crate::Void;
use crate::past::Past;
use crate::slot::certificate_of;

positional! {
    /// A teller has counted for the last time: what its log holds up to here binds the next term.
    pub struct Handover {}
}

/// The rules of `handover`. That it is the last record of its log is a rule for whatever follows it.
pub(crate) fn judge(past: &Past<'_>) -> Result<(), Void> {
    past.groups(1)?;
    let certificate = certificate_of(past, 0, 1)?;
    let succeeds = certificate.facts.seats.is_some() && !certificate.facts.is_fallback();
    past.require(1, succeeds, "cites the certificate of a committee that the assembly seated")?;
    let outgoing = certificate.facts.seating.teller_of(&past.entry.author).is_some();
    past.require(2, outgoing, "its author is no teller of the committee that is succeeded")
}
