//! Press: messages that are deflated, each pointing back into those before it.
//!
//! ```text
//!   |length 2|deflated, without the 00 00 ff ff that ends it|
//! ```

use wirestage_dissectors::engine::inflate::Inflater;
use wirestage_dissectors::engine::session::{Announce, Input, Out, Progress, Session};
use wirestage_dissectors::field::FieldDef;
use wirestage_dissectors::protocol::Claim;

use super::{Made, Number, of, unsaid};

/// Where it is found.
pub(crate) const PORT: u16 = 4010;

pub(crate) static PRESS: Made = Made {
    def: &FieldDef::group("press", "Press"),
    claims: &[Claim::TcpPort(PORT), Claim::UdpPort(PORT)],
    probe: unsaid,
    open: |_| Box::new(Press::default()),
};

/// Makes records.
pub(crate) struct Presser(flate2::Compress);

impl Presser {
    pub(crate) fn new() -> Self {
        Self(flate2::Compress::new(flate2::Compression::best(), false))
    }

    pub(crate) fn press(&mut self, text: &[u8]) -> Vec<u8> {
        let mut deflated = Vec::with_capacity(text.len() + 100);
        self.0.compress_vec(text, &mut deflated, flate2::FlushCompress::Sync).unwrap();
        let deflated = deflated.strip_suffix(&[0, 0, 0xff, 0xff]).unwrap();
        [&u16::try_from(deflated.len()).unwrap().to_be_bytes()[..], deflated].concat()
    }
}

#[derive(Clone, Default)]
struct Press {
    inflaters: [Inflater; 2],
}

impl Session for Press {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let Some((len, rest)) = input.bytes.split_first_chunk::<2>() else {
            return Progress::Need(2);
        };
        let len = usize::from(u16::from_be_bytes(*len));
        let Some(deflated) = rest.get(..len) else { return Progress::Need(2 + len) };
        let place = out.span(input.at + 2, len);
        let inflater = of(&mut self.inflaters, input.direction);
        let made = out.make_of(place, |text| {
            inflater.inflate(deflated, text) && inflater.inflate(&[0, 0, 0xff, 0xff], text)
        });
        let Some(text) = made else { return Progress::GiveUp("it is damaged") };
        out.announce(Announce::new(Number(0), text));
        Progress::Took(2 + len)
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}
