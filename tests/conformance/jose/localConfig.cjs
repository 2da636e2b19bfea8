// What the vc-jose-cose suite asks of us: the JOSE part.
module.exports = {
  settings: { enableInteropTests: false, testAllImplementations: false },
  implementations: [
    { name: 'laurel', implementation: 'laurel', 'jose-cose': { features: { credential_jose: true, presentation_jose: true } } },
  ],
};
