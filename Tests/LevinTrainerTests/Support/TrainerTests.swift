import Testing

/// The tests that train.
///
/// They draw from the one default generator of the process, so they run one at a time.
@Suite(.serialized) struct TrainerTests {}
