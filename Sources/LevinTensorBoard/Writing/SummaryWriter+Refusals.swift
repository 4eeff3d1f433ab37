internal import LevinSystem

extension SummaryWriter {
  /// Ends the process because of a mistake in a call, once everything logged before is on the disk.
  ///
  /// Mistakes are found during the call, not later on the writing thread, where their origin would be unknown.
  func refuse(_ call: String, _ tag: String, found: String, expected: String) -> Never {
    try? flush()
    fail("\(call)(\"\(tag)\")", found, expected: expected)
  }

  /// Refuses an empty tag, under which no one would find the value.
  func checkTag(_ tag: String) {
    guard !tag.isEmpty else {
      refuse("SummaryWriter", tag, found: "an empty tag", expected: "a name, such as train/loss")
    }
  }

  /// Refuses a picture that cannot be encoded.
  func check(_ image: PixelImage, for call: String, _ tag: String) {
    guard (1...4).contains(image.channels), image.width > 0, image.height > 0,
      image.pixels.count == image.width * image.height * image.channels
    else {
      refuse(
        call, tag,
        found: "\(image.width)×\(image.height) pixels of \(image.channels) channels in "
          + "\(image.pixels.count) bytes",
        expected: "at least one pixel of 1 to 4 channels, a byte for each")
    }
  }

  /// Refuses an empty list of pictures, and pictures of different sizes.
  func check(_ images: [PixelImage], for call: String, _ tag: String) {
    let sizes = Set(images.map { [$0.width, $0.height, $0.channels] })
    guard sizes.count == 1 else {
      refuse(
        call, tag,
        found: "\(images.count) pictures of \(sizes.count) different sizes",
        expected: "one or more, all of one width, height and number of channels")
    }
    for image in images { check(image, for: call, tag) }
  }
}
