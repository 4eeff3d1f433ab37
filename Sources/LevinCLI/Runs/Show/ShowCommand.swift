internal import ArgumentParser
internal import LevinSystem
internal import LevinTensorBoard
internal import LevinTrainer

/// `levin show`: shows one run, with its curves.
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show a run: curves, last texts, pictures, hyperparameters.",
    discussion: """
      A run is a folder, a name below lightning_logs such as version_3, or only its number; without one, the newest below \
      lightning_logs is shown. Pictures appear small, as real images in terminals that can show them (Kitty, iTerm2, sixel), \
      otherwise side by side in blocks of two pixels; --images makes them as large as the window allows. In a pipe \
      only their size is printed.
      """)

  @Argument(help: "The run.", completion: RunCompletion.run)
  var name: String?

  @Flag(help: "Follow a run until it ends; in a pipe, print each new value.")
  var watch = false

  @Flag(
    help:
      "Print JSON with all digits; the points of the curves are in '\(Program.name) events export'."
  )
  var json = false

  @Option(help: ArgumentHelp("Draw the curves into a picture.", valueName: "file"))
  var png: String?

  @Option(
    name: .customLong("metric"),
    help: ArgumentHelp(
      "Show only metrics whose names contain this text; may be given several times.",
      valueName: "text"))
  var chosen: [String] = []

  @Option(help: "Show pictures large, with this method.")
  var images: ImageChoice?

  /// ``InlineImages``, or whatever the terminal supports.
  enum ImageChoice: String, ExpressibleByArgument, CaseIterable {
    case auto, kitty, iterm, sixel, blocks, none
  }

  func validate() throws {
    let given = [(watch, "--watch"), (png != nil, "--png"), (json, "--json")].filter(\.0).map(\.1)
    if given.count > 1 {
      throw ValidationError("choose one of \(given.joined(separator: " and "))")
    }
    if json, !chosen.isEmpty { throw ValidationError("--json has all metrics: leave --metric out") }
  }

  func run() throws {
    if watch, let name { try Self.awaitRun(in: name) }
    let folder = try name.map(RunPaths.resolve) ?? RunPaths.newest()
    let overview = try RunOverview(name: RunPaths.title(folder), folder: folder)
    let page = Page.current()
    if !watch, !chosen.isEmpty,
      RunPage(overview: overview, images: .none, chosen: chosen).metrics.isEmpty
    {
      let names = overview.metrics.prefix(20).map { printable($0.tag) }.joined(separator: ", ")
      throw RunsError("no metric of \(overview.folder) matches --metric; there are: \(names)")
    }
    if let png {
      let shown = RunPage(overview: overview, images: .none, chosen: chosen)
      try AtomicFile.write(try shown.chart().png, to: png)
      try Output.page(["\(shown.metrics.count) curves drawn into \(printable(png))"])
    } else if json {
      try Output.data(JSONText.object(try overview.jsonWithTags()).pretty() + "\n")
    } else {
      let inline = images.flatMap { InlineImages(rawValue: $0.rawValue) } ?? .detected(page)
      let shown = RunPage(
        overview: overview, images: inline, largePictures: images != nil && images != .auto,
        chosen: chosen)
      if watch {
        var loop = WatchLoop(shown)
        return try loop.run()
      }
      try Output.page(shown.lines(page), picturesInline: inline != .none)
    }
  }

  /// Waits for a run in an existing folder that has none yet: its first file may be about to appear.
  private static func awaitRun(in folder: String) throws {
    guard RunPaths.isFolder(folder), try RunPaths.find(under: folder).isEmpty else { return }
    Output.printError("waiting for a run in \(folder)")
    while try RunPaths.find(under: folder).isEmpty { Clock.wait(seconds: 0.5) }
  }
}
