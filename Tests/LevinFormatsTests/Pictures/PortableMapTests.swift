import LevinFormats
import Testing

@Suite struct PortableMapTests {
  @Test func filesOfBothKindsAreRead() throws {
    let gray = try PortableMap.decode(
      Array("P5 # a comment\n3\t2\n255\n".utf8) + [0, 9, 10, 13, 32, 255])
    #expect(gray == Picture(width: 3, height: 2, channels: 1, bytes: [0, 9, 10, 13, 32, 255]))
    let color = try PortableMap.decode(Array("P6\n1 2\n255\n".utf8) + [1, 2, 3, 4, 5, 6])
    #expect(color == Picture(width: 1, height: 2, channels: 3, bytes: [1, 2, 3, 4, 5, 6]))
    let coarse = try PortableMap.decode(Array("P5 3 1 3\n".utf8) + [0, 1, 3])
    #expect(coarse.bytes == [0, 85, 255])
    for picture in [gray, color] {
      #expect(try PortableMap.decode(PortableMap.encode(picture)) == picture)
    }
  }

  @Test func messages() {
    func message(_ text: String) -> String {
      do throws(PortableMap.DecodingError) {
        _ = try PortableMap.decode(Array(text.utf8), maximumPixels: 100)
        return ""
      } catch {
        return error.description
      }
    }
    #expect(
      message("P5 2 2 255 abc") == "byte 14: the file is cut short: expected 4 bytes of pixels")
    #expect(message("P5 x") == "byte 3: found no number in the header")
    #expect(
      message("P5 11 10 255 ") == "byte 2: found 11×10 pixels, expected at least 1 and at most 100")
    #expect(
      message("P5 99999999999999999999 1 255 ").hasPrefix("byte 2: found "))
    #expect(
      message("P6 1 1 65535 ") == "byte 12: found a greatest value of 65535, expected 1 to 255")
    #expect(message("") == "byte 0: found no P5 or P6, with which such files begin")
  }
}
