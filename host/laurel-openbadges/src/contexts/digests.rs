//! Digests of published contexts, for related resources that name one (VC Data Model 2.0, section 5.3 and appendix B.1).

/// URL, SHA-256 and SHA-384 of a context as its publisher serves it. The base context has two editions: the one of the Recommendation and
/// that of the Candidate Recommendation of December 2024, which many pinned.
const PUBLISHED: &[(&str, &str, &str)] = &[
    (
        "https://www.w3.org/ns/credentials/v2",
        "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
        "97f1eb8e5042356c805fdd61afa2c557663785e0794dcafa21e138fd38def18cb360133c221aa31d6896a6bf3e65b614",
    ),
    (
        "https://www.w3.org/2018/credentials/v1",
        "3d0b277522ed24385c850b9882b9688687189b8f37a9bd9f1577e348b1019c44",
        "62ef084c85132c588119f7344fa7fb05dced9b44f7e4afee331b92e0131f3db4500f544cb81f6cc3d4471f0444e6e11d",
    ),
    (
        "https://www.w3.org/ns/credentials/status/v1",
        "fda5add353231e6a6884a46b12e6c75464281900cb348284d9c360f62381d9f7",
        "ac0ef813833ebd666b6170a61c5adacc6d7d2f5a040d16c2928e8414d4fa07f64d70313021e02bf4f97bdd123ed9a84e",
    ),
    (
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        "3d34f4d4ef1bce691106e63798beb5e7b862ba841423f5ee1e53ab7ddf3bca84",
        "c58d73edcd2c17e701985f918cc8c684485f2c5399ffbddcacb3de5744f090000f244e5f87292c353298accfb0d894e3",
    ),
    (
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json",
        "bba433989e1e700ca60838a3c22378e7d8381aeb0c9590f9ddf84d1714f10296",
        "a447b31e8f6e866d8c6df41f661928823571bd09cd6cd0547ac2fbf5dfca199f5b14ae28b2af2b87c74d3ec1d3e6d32d",
    ),
    (
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json",
        "cfc147db5fd5e3575b06bd471fe04784e92de69296f64a351b8dff0ec3372e9c",
        "acb8cd4635c55885ecc89f33a25dd1750774228b2332e1e46b18f42bcef043aece48cb014416cd087c5762ac09134493",
    ),
    (
        "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
        "146f85aa16effd7ca1da8056eb443f53ce1eca8a34186cb062832c0a97d889c3",
        "cf59a4b4b190ae798814ab6bc911c02efde291c386aed1bb11bd5a572d1eb2669bfd87019e994388db504a09ac244d5e",
    ),
    (
        "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json",
        "880f1902d4158f2f33ce06af41b90719977cd1ea337a9de2e41edb3ff5e543d6",
        "a846ad923699c67df5d09324134c645d1e15f4429f248856cbf1ca8967764cf8741476ea557dd505c891fe47e2487a1d",
    ),
    (
        "https://www.w3.org/ns/credentials/v2",
        "24a18c90e9856d526111f29376e302d970b2bd10182e33959995b0207d7043b9",
        "35239c36999d2155312091af194a1edb61634d6ad789a5e5b19f2aebdd762dd9d1dcaada40eda7ef921c6b8c0ae107a0",
    ),
];

/// Whether a digest is that of a context as it was published at this URL.
pub(crate) fn is_digest_of(url: &str, digest: &[u8]) -> bool {
    let text = digest.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    PUBLISHED.iter().any(|(known, sha256, sha384)| *known == url && (*sha256 == text || *sha384 == text))
}
