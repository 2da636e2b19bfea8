//! Chance that can be repeated: strings of all planes, numbers at every edge.

use laurel_openbadges::Timestamp;
use serde_json::Value;

/// A small deterministic generator (splitmix64), so that a failure can be repeated by its seed.
pub(super) struct Dice {
    state: u64,
    /// What tells one text from the next.
    counter: u32,
    /// Whether texts have characters beyond U+FFFF, or those from U+E000 to there. Not both in one document: JavaScript sorts the first
    /// before the second, RDFC-1.0 the other way round (`statements_are_in_order_of_code_points` is ours).
    beyond: bool,
}

/// Pieces of texts that readers and writers stumble over.
const PIECES: [&str; 22] = [
    "plain",
    "ä€",
    "\"",
    "\\",
    "\n",
    "\t",
    "\r",
    "\u{b}",
    "\u{7f}",
    "\u{0}",
    "\u{1}",
    "<b>&",
    " ",
    "{}",
    "\u{2028}",
    "\\u0041",
    "e\u{301}",
    "\u{202e}gnp.exe\u{202c}",
    "\u{2066}אב\u{2069}",
    "\u{feff}",
    "👩‍🚀🏳️‍🌈",
    "\u{10ffff}\u{fffe}",
];

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self { state: seed.wrapping_mul(0xd134_2543_de82_ef95), counter: 0, beyond: seed % 2 == 0 }
    }

    fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(super) fn roll(&mut self, sides: usize) -> usize {
        usize::try_from(self.bits() % sides as u64).unwrap()
    }

    pub(super) fn once_in(&mut self, sides: usize) -> bool {
        self.roll(sides) == 0
    }

    pub(super) fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len())].clone()
    }

    pub(super) fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (!self.once_in(3)).then(|| make(self))
    }

    /// None to `most` of something.
    pub(super) fn several<T>(&mut self, most: usize, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.roll(most + 1)).map(|_| make(self)).collect()
    }

    pub(super) fn text(&mut self) -> String {
        let text: String = if self.once_in(50) {
            self.pick(&PIECES).repeat(2000)
        } else {
            (0..self.roll(8)).map(|_| self.piece()).collect()
        };
        let left_out = if self.beyond { '\u{e000}'..='\u{ffff}' } else { '\u{10000}'..=char::MAX };
        text.chars().filter(|character| !left_out.contains(character)).collect()
    }

    fn piece(&mut self) -> String {
        if self.once_in(2) {
            return self.pick(&PIECES).to_owned();
        }
        let plane = if self.beyond { u32::try_from(1 + self.roll(16)).unwrap() } else { 0 };
        let place = u32::try_from(self.roll(0x1_0000)).unwrap();
        char::from_u32(plane << 16 | place).unwrap_or('\u{d7ff}').to_string()
    }

    /// A text that is not empty, and no other's.
    pub(super) fn name(&mut self) -> String {
        self.counter += 1;
        let (counter, text) = (self.counter, self.text());
        format!("{counter}{text}")
    }

    /// An absolute IRI, and no other's.
    pub(super) fn iri(&mut self) -> String {
        self.counter += 1;
        let start = self.pick(&[
            "https://acme.example/a?b=%20&c=",
            "https://acme.example:8443/ä/€#",
            "https://xn--bcher-kva.example/",
            "http://[::1]/",
            "urn:uuid:",
            "urn:x:1:",
            "did:example:a%3Ab:",
            "tag:acme.example,2026:",
            "data:,",
            "mailto:a@acme.example?n=",
            "x-y.z+1:/",
        ]);
        format!("{start}{}", self.counter)
    }

    pub(super) fn time(&mut self) -> Timestamp {
        let seconds = self.pick(&[0, 1, 951_782_399, 1_763_000_000, 4_102_444_800, 253_402_300_000]);
        Timestamp::from_unix_seconds(seconds + i64::try_from(self.roll(600)).unwrap() - 1)
    }

    /// Without the likes of `1e-7`, which jsonld.js takes for the integer zero (`small_numbers_are_doubles` is ours).
    pub(super) fn double(&mut self) -> f64 {
        let edges = [
            0.0,
            -0.0,
            1.0,
            -7.0,
            3.5,
            0.1,
            1e21,
            2.5e-7,
            f64::MIN_POSITIVE,
            f64::MAX,
            9_007_199_254_740_991.0,
            123_456_789.125,
        ];
        let any = f64::from_bits(self.bits());
        if any.is_finite() && self.once_in(2) { any } else { self.pick(&edges) }
    }

    /// A number as others may write it.
    pub(super) fn number(&mut self) -> Value {
        let texts = [
            "0",
            "1",
            "-7",
            "3.5",
            "0.25",
            "100",
            "1e3",
            "1e21",
            "1e22",
            "123456789.125",
            "0.1",
            "9007199254740991",
            "-0",
            "1.0",
            "2.5E-7",
            "100e-2",
        ];
        serde_json::from_str(self.pick(&texts)).unwrap()
    }
}
