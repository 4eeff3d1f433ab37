import LevinTensorBoard
import Testing

/// Reports of the reader about damaged files; the same cases were tried on TensorBoard's two servers.
@Suite struct ReadingDamageTests {
  static let file = goldenEvents + "/resumed/events.out.tfevents.1700000000.golden.1.0"

  /// Writes a changed copy of a golden file and reads it; the offsets are those of the unchanged file.
  func read(
    limit: Int = EventFileReader.defaultMaximumRecordLength,
    _ change: (inout [UInt8], [Int]) -> Void
  ) throws -> (events: [Int], damage: [Damage], tail: EventFileReader.Tail, offsets: [Int]) {
    var bytes = try readBytes(Self.file)
    let offsets = try items(Self.file).items.compactMap { item in
      if case .event(_, let offset) = item { offset } else { nil }
    }
    change(&bytes, offsets)
    return try withTemporaryFolder { folder in
      try write(bytes, to: folder + "/tfevents")
      let (items, reader) = try items(folder + "/tfevents", maximumRecordLength: limit)
      var events: [Int] = []
      var damage: [Damage] = []
      for item in items {
        switch item {
        case .event(_, let offset): events.append(offset)
        case .damage(let found): damage.append(found)
        }
      }
      return (events, damage, reader.tail, offsets)
    }
  }

  @Test func flippedBitInData() throws {
    let read = try read { bytes, offsets in bytes[offsets[4] + 20] ^= 4 }
    #expect(read.damage.map(\.offset) == [read.offsets[4]])
    #expect(read.damage.first?.end == read.offsets[5])
    guard case .dataChecksum = read.damage.first?.kind else {
      Issue.record("\(read.damage)")
      return
    }
    #expect(read.events == read.offsets.filter { $0 != read.offsets[4] })
    #expect(read.tail == .clean)
  }

  @Test func flippedBitInLength() throws {
    let read = try read { bytes, offsets in bytes[offsets[4]] ^= 1 }
    #expect(read.damage.map(\.offset) == [read.offsets[4]])
    #expect(read.damage.first?.end == read.offsets[5], "the next record is found again")
    guard case .lengthChecksum = read.damage.first?.kind else {
      Issue.record("\(read.damage)")
      return
    }
    #expect(read.events == read.offsets.filter { $0 != read.offsets[4] })
  }

  @Test func recordTornInTheMiddle() throws {
    // A writer died within record 4, and another one continued after it.
    let read = try read { bytes, offsets in
      bytes.removeSubrange(offsets[4] + 25..<offsets[5])
    }
    #expect(read.damage.count == 1)
    #expect(read.damage.first?.offset == read.offsets[4])
    #expect(read.events.count == read.offsets.count - 1, "records behind it are not swallowed")
  }

  @Test(arguments: [1, 11, 12, 20])
  func cutAtTheEnd(kept: Int) throws {
    let read = try read { bytes, offsets in
      bytes.removeSubrange((offsets[offsets.count - 1] + kept)...)
    }
    #expect(read.damage.isEmpty)
    #expect(read.events == read.offsets.dropLast())
    guard case .cut(let offset, let missing) = read.tail else {
      Issue.record("\(read.tail)")
      return
    }
    #expect(offset == read.offsets.last)
    #expect(missing > 0)
  }

  @Test func zerosAtTheEnd() throws {
    let read = try read { bytes, _ in bytes += [UInt8](repeating: 0, count: 5000) }
    #expect(read.events == read.offsets)
    #expect(read.damage.count == 1)
    guard case .lost = read.tail else {
      Issue.record("\(read.tail)")
      return
    }
  }

  @Test(arguments: [UInt64.max, 1 << 63, UInt64(Int.max), 1 << 40])
  func lengthBeyondAllBounds(length: UInt64) throws {
    // The checksum of the length is right: nothing is allocated, and the reader waits as for any long record.
    let read = try read { bytes, _ in bytes += frame([1, 2, 3], length: length) }
    #expect(read.events == read.offsets)
    #expect(read.damage.isEmpty)
    guard case .cut(_, let missing) = read.tail else {
      Issue.record("\(read.tail)")
      return
    }
    #expect(missing > 1 << 39)
  }

  @Test func recordAboveTheLimit() throws {
    let read = try read(limit: 40) { _, _ in }
    #expect(read.damage.contains { if case .tooLarge(_, 40) = $0.kind { true } else { false } })
    #expect(!read.events.isEmpty)
    #expect(read.events.count + read.damage.count == read.offsets.count)
  }

  @Test func wholeRecordsBehindACutOne() throws {
    try withTemporaryFolder { folder in
      let bytes = try readBytes(Self.file)
      let offsets = try items(Self.file).items.compactMap { item in
        if case .event(_, let offset) = item { offset } else { nil }
      }
      // A record of 256 KiB was begun; then small records follow, with fewer bytes than it still needed.
      let large = goldenEvents + "/torch/events.out.tfevents.1700000000.golden.1.0"
      let other = try readBytes(large)
      let longest = try items(large).items.compactMap { item in
        if case .event(_, let offset) = item { offset } else { nil }
      }
      let lengths = zip(longest, longest.dropFirst()).map { $1 - $0 }
      let place = try #require(lengths.indices.max { lengths[$0] < lengths[$1] })
      #expect(lengths[place] > offsets[8] - offsets[6] + 30)
      let begun = other[longest[place]..<longest[place] + 30]
      try write(
        bytes[..<offsets[6]] + begun + bytes[offsets[6]..<offsets[8]], to: folder + "/tfevents")
      let reader = try EventFileReader(path: folder + "/tfevents")
      var before = 0
      while try reader.next() != nil { before += 1 }
      #expect(before == 6)
      let damage = try #require(try reader.salvageTail())
      #expect(damage.offset == offsets[6] && damage.end == offsets[6] + 30)
      var after = 0
      while case .event = try reader.next() { after += 1 }
      #expect(after == 2)
      #expect(reader.tail == .clean)
    }
  }

  @Test func errorsOfTheWholeFile() throws {
    #expect(throws: EventFileError.system(operation: "open", path: "/nowhere/x", code: 2)) {
      try EventFileReader(path: "/nowhere/x")
    }
    #expect(throws: EventFileError.notAFile(path: "/tmp")) { try EventFileReader(path: "/tmp") }
    #expect(
      EventFileError.system(operation: "open", path: "/nowhere/x", code: 2).description
        == "/nowhere/x: cannot open: No such file or directory")
  }

  /// A flipped bit in any byte of a file is detected, and costs no more than the record that it hits.
  @Test func aFlippedBitInEveryByte() throws {
    let bytes = try readBytes(goldenEvents + "/resumed/events.out.tfevents.1700000001.golden.1.1")
    try withTemporaryFolder { folder in
      let path = folder + "/tfevents"
      try write(bytes, to: path)
      let whole = try items(path).items.count
      for bit in bytes.indices.map({ $0 * 8 + $0 % 8 }) {
        var changed = bytes
        changed[bit / 8] ^= 1 << (bit % 8)
        try write(changed, to: path)
        let (found, reader) = try items(path)
        let events = found.count { if case .event = $0 { true } else { false } }
        let isNoticed = found.count > events || reader.tail != .clean
        #expect(isNoticed && events == whole - 1, "bit \(bit): \(events) of \(whole)")
      }
    }
  }

  @Test(arguments: [
    ([0x0A], "a number is cut short"),
    ([0x0A, 0x05, 0x01], "a field of 5 bytes with 1 left"),
    ([0x0B], "a field of unknown kind 3"),
    ([0x00], "a field with the number 0"),
    ([0x09, 1, 2, 3], "eight bytes are cut short"),
    ([0x10] + [UInt8](repeating: 0xFF, count: 10), "a number of more than ten bytes"),
    (field(3, [0xFF, 0xFE]), "a text that is not UTF-8"),
    (field(5, field(1, field(1, [0xC3]) + [0x15, 0, 0, 0, 0])), "a text that is not UTF-8"),
    (field(5, field(1, field(5, field(6, [1, 2, 3])))), "eight bytes are cut short"),
    (
      field(5, field(1, field(8, [0x08, 1] + field(4, [1, 2, 3])))),
      "a tensor's 3 bytes are not a whole number of values"
    ),
  ])
  func recordsThatAreNoEvents(payload: [UInt8], reason: String) throws {
    try withTemporaryFolder { folder in
      let path = folder + "/tfevents"
      try write(frame(payload) + frame([0x10, 7]), to: path)
      let (found, reader) = try items(path)
      #expect(reader.tail == .clean)
      try #require(found.count == 2)
      guard case .damage(let damage) = found[0], case .event(let event, _) = found[1] else {
        Issue.record("\(found)")
        return
      }
      #expect(damage.description.contains(reason), "\(damage)")
      #expect(event.step == 7, "reading goes on behind it")
      #expect(try Run(directory: folder).problems.first?.message.contains(reason) == true)
    }
  }

  /// Nested forged headers would cost a quadratic search without the reader's limit on it.
  @Test func nestedForgedHeaders() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/tfevents"
      var bytes: [UInt8] = []
      let size = 60_000
      while bytes.count + 28 <= size {
        let length = littleEndian(UInt64(size - bytes.count - 28))
        bytes += length + littleEndian(maskedCRC32C(length))
      }
      try write(bytes + [UInt8](repeating: 1, count: 40), to: path)
      let (found, _) = try items(path)
      #expect(!found.isEmpty)
    }
  }
}
