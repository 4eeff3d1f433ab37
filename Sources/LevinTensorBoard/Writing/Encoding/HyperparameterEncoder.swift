internal import CTensorBoardProtos

/// Encodes the messages of the HParams plugin with protobuf-c.
enum HyperparameterEncoder {
  static func experiment(
    _ hyperparameters: [(name: String, value: HyperparameterValue)], metrics: [String],
    domains: [String: [HyperparameterValue]]
  ) -> [UInt8] {
    let arena = Arena()
    let experiment = arena.make(levin__experiment__init)
    experiment.pointee.n_hparam_infos = hyperparameters.count
    experiment.pointee.hparam_infos = arena.list(
      hyperparameters.map { name, value in
        let info = arena.make(levin__hyperparameter_info__init)
        info.pointee.name = arena.text(name)
        info.pointee.type = type(of: value)
        if let domain = domains[name] {
          let list = arena.make(levin__hyperparameter_value_list__init)
          list.pointee.n_values = domain.count
          list.pointee.values = arena.list(domain.map { Optional(message($0, arena)) })
          info.pointee.domain_discrete = list
        }
        return Optional(info)
      })
    experiment.pointee.n_metric_infos = metrics.count
    experiment.pointee.metric_infos = arena.list(
      metrics.map { tag in
        let name = arena.make(levin__metric_name__init)
        name.pointee.tag = arena.text(tag)
        let info = arena.make(levin__metric_info__init)
        info.pointee.name = name
        return Optional(info)
      })
    let data = arena.make(levin__hparams_plugin_data__init)
    data.pointee.data_case = LEVIN__HPARAMS_PLUGIN_DATA__DATA_EXPERIMENT
    data.pointee.experiment = experiment
    return bytes(data)
  }

  static func sessionStart(
    _ hyperparameters: [(name: String, value: HyperparameterValue)], startTime: Double
  ) -> [UInt8] {
    let arena = Arena()
    let start = arena.make(levin__session_start_info__init)
    start.pointee.n_hparams = hyperparameters.count
    start.pointee.hparams = arena.list(
      hyperparameters.map { name, value in
        let entry = arena.make(levin__session_start_info__hyperparameter__init)
        entry.pointee.key = arena.text(name)
        entry.pointee.value = message(value, arena)
        return Optional(entry)
      })
    start.pointee.start_time_secs = startTime
    let data = arena.make(levin__hparams_plugin_data__init)
    data.pointee.data_case = LEVIN__HPARAMS_PLUGIN_DATA__DATA_SESSION_START_INFO
    data.pointee.session_start_info = start
    return bytes(data)
  }

  static func sessionEnd(
    _ status: LoggedHyperparameters.Status, endTime: Double
  ) -> [UInt8] {
    let arena = Arena()
    let end = arena.make(levin__session_end_info__init)
    end.pointee.status = Levin__SessionEndInfo__Status(rawValue: UInt32(status.rawValue))
    end.pointee.end_time_secs = endTime
    let data = arena.make(levin__hparams_plugin_data__init)
    data.pointee.data_case = LEVIN__HPARAMS_PLUGIN_DATA__DATA_SESSION_END_INFO
    data.pointee.session_end_info = end
    return bytes(data)
  }

  private static func bytes(_ data: UnsafeMutablePointer<Levin__HParamsPluginData>) -> [UInt8] {
    packed(
      data, size: levin__hparams_plugin_data__get_packed_size,
      pack: levin__hparams_plugin_data__pack)
  }

  private static func type(of value: HyperparameterValue) -> Levin__HyperparameterType {
    switch value {
    case .number: LEVIN__HYPERPARAMETER_TYPE__TYPE_FLOAT64
    case .string: LEVIN__HYPERPARAMETER_TYPE__TYPE_STRING
    case .bool: LEVIN__HYPERPARAMETER_TYPE__TYPE_BOOL
    }
  }

  private static func message(
    _ value: HyperparameterValue, _ arena: Arena
  ) -> UnsafeMutablePointer<Levin__HyperparameterValue> {
    let message = arena.make(levin__hyperparameter_value__init)
    switch value {
    case .number(let number):
      message.pointee.kind_case = LEVIN__HYPERPARAMETER_VALUE__KIND_NUMBER_VALUE
      message.pointee.number_value = number
    case .string(let text):
      message.pointee.kind_case = LEVIN__HYPERPARAMETER_VALUE__KIND_STRING_VALUE
      message.pointee.string_value = arena.text(text)
    case .bool(let flag):
      message.pointee.kind_case = LEVIN__HYPERPARAMETER_VALUE__KIND_BOOL_VALUE
      message.pointee.bool_value = flag ? 1 : 0
    }
    return message
  }
}
