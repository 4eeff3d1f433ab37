internal import CTensorBoardProtos

/// Encodes the messages that plugins keep in their metadata, with protobuf-c.
enum PluginEncoder {
  static func wav() -> [UInt8] {
    let arena = Arena()
    let data = arena.make(levin__audio_plugin_data__init)
    data.pointee.encoding = LEVIN__AUDIO_PLUGIN_DATA__ENCODING__WAV
    return packed(
      data, size: levin__audio_plugin_data__get_packed_size, pack: levin__audio_plugin_data__pack)
  }

  static func precisionRecall(thresholdCount: Int) -> [UInt8] {
    let arena = Arena()
    let data = arena.make(levin__pr_curve_plugin_data__init)
    data.pointee.num_thresholds = UInt32(clamping: thresholdCount)
    return packed(
      data, size: levin__pr_curve_plugin_data__get_packed_size,
      pack: levin__pr_curve_plugin_data__pack)
  }

  static func mesh(
    name: String, part: MeshPart, shape: [Int], parts: [MeshPart], configuration: String
  ) -> [UInt8] {
    let arena = Arena()
    let data = arena.make(levin__mesh_plugin_data__init)
    data.pointee.name = arena.text(name)
    data.pointee.content_type = Levin__MeshPluginData__ContentType(rawValue: part.rawValue)
    data.pointee.json_config = arena.text(configuration)
    data.pointee.n_shape = shape.count
    data.pointee.shape = arena.list(shape.map { Int32(clamping: $0) })
    data.pointee.components = parts.reduce(0) { $0 | 1 << $1.rawValue }
    return packed(
      data, size: levin__mesh_plugin_data__get_packed_size, pack: levin__mesh_plugin_data__pack)
  }

  static func layout(_ categories: [ChartCategory]) -> [UInt8] {
    let arena = Arena()
    let layout = arena.make(levin__layout__init)
    layout.pointee.n_category = categories.count
    layout.pointee.category = arena.list(
      categories.map { category in
        let message = arena.make(levin__chart_category__init)
        message.pointee.title = arena.text(category.title)
        message.pointee.closed = category.isClosed ? 1 : 0
        message.pointee.n_chart = category.charts.count
        message.pointee.chart = arena.list(category.charts.map { Optional(chart($0, arena)) })
        return Optional(message)
      })
    return packed(layout, size: levin__layout__get_packed_size, pack: levin__layout__pack)
  }

  private static func chart(
    _ chart: ChartCategory.Chart, _ arena: Arena
  ) -> UnsafeMutablePointer<Levin__Chart> {
    let message = arena.make(levin__chart__init)
    message.pointee.title = arena.text(chart.title)
    switch chart.content {
    case .multiline(let tags):
      let lines = arena.make(levin__multiline_chart__init)
      lines.pointee.n_tag = tags.count
      lines.pointee.tag = arena.list(tags.map(arena.text))
      message.pointee.content_case = LEVIN__CHART__CONTENT_MULTILINE
      message.pointee.multiline = lines
    case .margin(let value, let lower, let upper):
      let series = arena.make(levin__margin_chart__series__init)
      series.pointee.value = arena.text(value)
      series.pointee.lower = arena.text(lower)
      series.pointee.upper = arena.text(upper)
      let margin = arena.make(levin__margin_chart__init)
      margin.pointee.n_series = 1
      margin.pointee.series = arena.list([Optional(series)])
      message.pointee.content_case = LEVIN__CHART__CONTENT_MARGIN
      message.pointee.margin = margin
    }
    return message
  }
}
