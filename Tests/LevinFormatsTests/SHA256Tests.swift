import LevinFormats
import Testing

/// The examples of NIST, "Cryptographic Standards and Guidelines: SHA-256" and SHA256ShortMsg.rsp.
@Suite struct SHA256Tests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
    ),
  ])
  func knownTexts(text: String, digest: String) {
    #expect(SHA256.hexadecimal(of: Array(text.utf8)) == digest)
  }

  @Test func piecesOfAnySizeGiveTheSameDigest() {
    // NIST's "repeating a" vector cut to 1000 letters, digest by coreutils' sha256sum.
    let letters = [UInt8](repeating: UInt8(ascii: "a"), count: 1000)
    for size in [1, 7, 63, 64, 65, 128, 999] {
      var hash = SHA256()
      for start in stride(from: 0, to: 1000, by: size) {
        hash.update(Array(letters[start..<min(start + size, 1000)]))
      }
      #expect(
        hash.finalized() == "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3")
    }
  }
}
