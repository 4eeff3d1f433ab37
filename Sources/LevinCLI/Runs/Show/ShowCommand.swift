internal import ArgumentParser
internal import Foundation
internal import LevinFormats
internal import LevinTensorBoard

/// `levin show`: one run, with its curves.
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show a run: curves, last texts, pictures, hyperparameters.",
    discussion: """
      A run is a folder, a name below lightning_logs such as version_3, or only its number; without one, the newest below \
      lightning_logs is shown. Pictures appear in terminals that can show them (Kitty, iTerm2, sixel), otherwise as blocks \
      of two pixels; into a pipe goes only their size.
      """)

  @Argument(help: "The run.", completion: .directory)
  var name: String?

  @Flag(help: "Follow a running run until it ends; into a pipe, print each new value.")
  var watch = false

  @Flag(help: "Print JSON with all digits; the points of the curves are in levin events export.")
  var json = false

  @Option(help: ArgumentHelp("Draw the curves into a picture.", valueName: "file"))
  var png: String?

  @Option(help: "How pictures are shown.")
  var images: ImageChoice = .auto

  /// ``InlineImages``, or what the terminal can do.
  enum ImageChoice: String, ExpressibleByArgument, CaseIterable {
    case auto, kitty, iterm, sixel, blocks, none
  }

  func validate() throws {
    if watch && png != nil { throw ValidationError("choose one of --watch and --png") }
    if json && (watch || png != nil) {
      throw ValidationError("--json goes without --watch and --png")
    }
  }

  func run() throws {
    let folder = try name.map(RunPaths.resolve) ?? RunPaths.newest()
    let overview = try RunOverview(name: RunPaths.title(folder), folder: folder)
    let page = Page.current()
    if let png {
      try AtomicFile.write(try Self.chart(overview).png, to: png)
      print("\(overview.metrics.count) curves drawn into \(png)")
    } else if json {
      print(JSONText.object(try overview.jsonWithTags()).pretty())
    } else if watch {
      var loop = WatchLoop(overview, page)
      try loop.run()
    } else {
      let inline = InlineImages(rawValue: images.rawValue) ?? InlineImages.detected(page)
      let lines = try RunPage(overview: overview, images: inline).lines(page)
      print(lines.joined(separator: "\n"))
    }
  }

  static func chart(_ overview: RunOverview) throws -> PixelImage {
    let curves = overview.metrics.compactMap { metric in
      overview.run.scalars(metric.tag).map { (metric.tag, $0) }
    }
    guard !curves.isEmpty else { throw RunsError("\(overview.folder) has no curves to draw") }
    return CurveChart(title: overview.name, curves: curves).image
  }
}
