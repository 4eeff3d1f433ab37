import LevinTensor

let linears: [Operation] = [
  op("nn.functional.linear", "x.linear(weight: weight, bias: bias)") { c in
    try c.x.linear(weight: c.tensor("weight", 0), bias: c.optional("bias", 1))
  },
  op("nn.functional.bilinear", "x.bilinear(y, weight: weight, bias: bias)") { c in
    try c.x.bilinear(
      c.tensor("input2", 0), weight: c.tensor("weight", 1), bias: c.optional("bias", 2))
  },
  op("nn.functional.embedding", "table.embedding(indices)") { c in
    // PyTorch's suite passes the table first.
    var (table, indices) = (try c.x, try c.tensor("input", 0))
    if table.dtype == .int64 { swap(&table, &indices) }
    return table.embedding(
      indices, paddingIndex: try c.int("padding_idx", 1), maxNorm: try c.double("max_norm", 2),
      normOrder: try c.double("norm_type", 3) ?? 2,
      scalesByFrequency: try c.bool("scale_grad_by_freq", 4))
  },
  op("nn.functional.one_hot", "x.oneHot(10)") { c in
    let classes = try c.int("num_classes", 0) ?? -1
    return try c.x.oneHot(classes < 0 ? nil : classes)
  },
  op(
    "nn.functional.scaled_dot_product_attention",
    "queries.scaledDotProductAttention(keys: keys, values: values)"
  ) { c in
    if try c.double("dropout_p", 3) ?? 0 != 0 { throw CaseError("dropout in attention") }
    return try c.x.scaledDotProductAttention(
      keys: c.tensor("key", 0), values: c.tensor("value", 1), mask: c.optional("attn_mask", 2),
      isCausal: c.bool("is_causal", 4), scale: c.double("scale", -1),
      groupsQueries: c.bool("enable_gqa", -1))
  },
]
