// `import Levin` imports all of Levin's modules.
@_exported public import LevinCLI
@_exported public import LevinConfiguration
@_exported public import LevinData
@_exported public import LevinFormats
@_exported public import LevinMetrics
@_exported public import LevinNN
@_exported public import LevinONNX
@_exported public import LevinOptimizers
@_exported public import LevinSystem
@_exported public import LevinTensor
@_exported public import LevinTensorBoard
@_exported public import LevinTrainer
@_exported public import LevinVision
