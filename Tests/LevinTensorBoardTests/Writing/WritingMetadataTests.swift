import LevinTensorBoard
import Testing

extension WritingTests {
  /// The metadata of values, which both of TensorBoard's readers need to show them.
  @Suite struct MetadataTests {
    /// The values that `body` writes, by tag.
    func written(_ body: (SummaryWriter) throws -> Void) throws -> [String: SummaryValue] {
      try withTemporaryFolder { folder in
        let writer = try SummaryWriter(directory: folder)
        try body(writer)
        try writer.close()
        let path = try #require(try Run.eventFiles(in: folder).first)
        return Dictionary(try values(path).map { ($0.value.tag, $0.value) }) { first, _ in first }
      }
    }

    let gray = PixelImage(width: 3, height: 2, channels: 1, pixels: [0, 50, 100, 150, 200, 250])

    /// The faster reader drops a description whose plugin or data class is missing.
    @Test func descriptionsComeWithPluginAndDataClass() throws {
      let found = try written { writer in
        writer.addScalar("s", 1, title: "S", description: "*curve*")
        writer.addScalar("st", 1, form: .tensor, description: "*tensor*")
        writer.addScalar("title", 1, title: "only a title")
        writer.addImage("i", gray, title: "I", description: "*picture*")
        writer.addScalar("plain", 1)
      }
      func check(_ tag: String, _ plugin: String, _ dataClass: SummaryMetadata.DataClass) {
        #expect(found[tag]?.metadata?.pluginName == plugin)
        #expect(found[tag]?.metadata?.dataClass == dataClass)
      }
      check("s", "scalars", .scalar)
      check("st", "scalars", .scalar)
      check("title", "scalars", .scalar)
      check("i", "images", .blobSequence)
      #expect(found["s"]?.metadata?.displayName == "S")
      #expect(found["s"]?.metadata?.description == "*curve*")
      #expect(found["st"]?.metadata?.description == "*tensor*")
      #expect(found["i"]?.metadata?.description == "*picture*")
      #expect(found["plain"]?.metadata == nil, "18 bytes less")
    }

    /// The faster reader lists a tag of DT_DOUBLE, and has no points for it.
    @Test func scalarsAreFloats() throws {
      let found = try written { writer in
        writer.addScalar("simple", 0.1)
        writer.addScalar("tensor", 0.1, form: .tensor)
      }
      #expect(found["simple"]?.content == .scalar(0.1))
      guard case .tensor(let tensor)? = found["tensor"]?.content else {
        Issue.record("\(found)")
        return
      }
      #expect(tensor.dtype == 1 && tensor.shape == [])
      #expect(tensor.scalar == Double(Float(0.1)))
      #expect(found["tensor"]?.metadata?.dataClass == .scalar)
    }

    /// Without the encoding, the faster reader serves bytes of an unknown type.
    @Test func soundSaysItsEncoding() throws {
      let found = try written { writer in
        writer.addAudio("a", [0, 0.5, -1, 2, .nan], sampleRate: 8000)
      }
      #expect(found["a"]?.metadata?.pluginName == "audio")
      #expect(found["a"]?.metadata?.dataClass == .blobSequence)
      // AudioPluginData { encoding: WAV }, field 2 of value 11.
      #expect(found["a"]?.metadata?.pluginContent == [0x10, 11])
      guard case .audio(let audio)? = found["a"]?.content else {
        Issue.record("\(found)")
        return
      }
      #expect(audio.sampleRate == 8000 && audio.channels == 1 && audio.frames == 5)
      #expect(audio.contentType == "audio/wav")
      #expect(audio.encoded.starts(with: Array("RIFF".utf8)))
      #expect(
        audio.encoded.suffix(10)
          == [0, 0, 0xFF, 0x3F, 0x01, 0x80, 0xFF, 0x7F, 0, 0], "clipped; NaN is silence")
    }

    /// A gray picture is a PNG of colour type 0, half as long as one in RGB.
    @Test func grayPicturesAreGrayPNGs() throws {
      let rgb = PixelImage(width: 1, height: 1, channels: 3, pixels: [1, 2, 3])
      let found = try written { writer in
        writer.addImage("gray", gray)
        writer.addImages("grid", [gray, gray])
        writer.addImage("rgb", rgb)
      }
      for (tag, colorType, channels) in [("gray", UInt8(0), 1), ("grid", 0, 1), ("rgb", 2, 3)] {
        guard case .image(let image)? = found[tag]?.content else {
          Issue.record("\(tag)")
          continue
        }
        #expect(image.format == .png)
        #expect(image.encoded[25] == colorType, "\(tag)")
        #expect(try image.pixels().channels == channels)
      }
      guard case .image(let image)? = found["gray"]?.content else { return }
      #expect(try image.pixels() == gray)
      #expect(image.width == 3 && image.height == 2)
    }

    /// PyTorch's writer turns them into numbers.
    @Test func truthStaysTruth() throws {
      try withTemporaryFolder { folder in
        let writer = try SummaryWriter(directory: folder)
        writer.startSession(["shuffle": true, "one": 1, "name": "true", "off": false])
        writer.endSession(.success)
        try writer.addHyperparameters(["shuffle": true], metrics: ["m": 1], runName: "below")
        try writer.close()
        let found = try #require(try Run(directory: folder).hyperparameters)
        #expect(found.values.map(\.name) == ["shuffle", "one", "name", "off"])
        #expect(
          found.values.map(\.value) == [.bool(true), .number(1), .string("true"), .bool(false)])
        #expect(found.status == .success)
        let below = try Run(directory: folder + "/below")
        #expect(below.hyperparameters?.values.map(\.value) == [.bool(true)])
        #expect(below.scalars("m")?.values == [1])
      }
    }
  }
}
