#!/usr/bin/env python3
"""Makes Tests/Golden/data/sampling.json: what torch's samplers, collation and padding give.

usage: make_sampling.py        (needs torch)
"""
import json
import pathlib

import torch
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import (BatchSampler, ConcatDataset, DataLoader, Dataset, DistributedSampler, RandomSampler,
                              SequentialSampler, SubsetRandomSampler, WeightedRandomSampler)

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Golden" / "data" / "sampling.json"


class Numbers(Dataset):
    def __init__(self, count):
        self.count = count

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        return index


def passes(make, seed=42, own=False):
    """Two passes of a loader with the sampler, and the next draws of both generators."""
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(7) if own else None
    sampler = make(generator)
    loader = DataLoader(Numbers(10), batch_size=4, sampler=sampler)
    epochs = [[batch.tolist() for batch in loader] for _ in range(2)]
    result = {"epochs": epochs, "default_after": int(torch.randint(0, 1000000, (1,)))}
    if own:
        result["own_after"] = int(torch.randint(0, 1000000, (1,), generator=generator))
    return result


def samplers():
    weights = [0.1, 0.9, 0.4, 0.7, 3.0, 0.6, 0.0, 1.5, 0.2, 0.05]
    kinds = {
        "sequential": lambda g: SequentialSampler(Numbers(10)),
        "random": lambda g: RandomSampler(Numbers(10), generator=g),
        "random_more": lambda g: RandomSampler(Numbers(10), num_samples=23, generator=g),
        "random_twice": lambda g: RandomSampler(Numbers(10), num_samples=20, generator=g),
        "random_fewer": lambda g: RandomSampler(Numbers(10), num_samples=7, generator=g),
        "random_replacement": lambda g: RandomSampler(Numbers(10), replacement=True, num_samples=45, generator=g),
        "subset": lambda g: SubsetRandomSampler([1, 3, 5, 7, 9], generator=g),
        "weighted": lambda g: WeightedRandomSampler(weights, 12, generator=g),
        "weighted_one": lambda g: WeightedRandomSampler(weights, 1, generator=g),
        "weighted_distinct": lambda g: WeightedRandomSampler(weights, 8, replacement=False, generator=g),
    }
    result = {}
    for name, make in kinds.items():
        result[name] = passes(make)
        if name != "sequential":
            result[name + "_own"] = passes(make, own=True)
    return result


def distributed():
    rows = []
    for count, replicas in ((10, 3), (10, 2), (3, 8), (2, 5), (12, 4)):
        for shuffle in (False, True):
            for drop_last in (False, True):
                ranks = []
                for rank in range(replicas):
                    sampler = DistributedSampler(Numbers(count), replicas, rank, shuffle=shuffle, seed=5,
                                                 drop_last=drop_last)
                    sampler.set_epoch(2)
                    ranks.append(list(sampler))
                rows.append({"count": count, "replicas": replicas, "shuffle": shuffle, "drop_last": drop_last,
                             "ranks": ranks})
    return rows


def batches():
    torch.manual_seed(3)
    sampler = BatchSampler(RandomSampler(Numbers(10)), 3, False)
    loader = DataLoader(Numbers(10), batch_sampler=sampler)
    return {"epochs": [[b.tolist() for b in loader] for _ in range(2)], "after": int(torch.randint(0, 1000000, (1,)))}


def draws():
    """The interplay of the loader's draws with those of transforms."""
    class Random(Numbers):
        def __getitem__(self, index):
            flip = bool(torch.rand(1) < 0.5)
            number = int(torch.randint(0, 10, (1,)))
            permutation = torch.randperm(4).tolist()
            factor = float(torch.empty(1).uniform_(0.7, 1.4))
            normal = float(torch.randn(1))
            return [index, flip, number, permutation, factor, normal]

    torch.manual_seed(42)
    loader = DataLoader(Random(6), batch_size=4, shuffle=True, collate_fn=lambda samples: samples)
    return [[sample for batch in loader for sample in batch] for _ in range(2)]


def padding():
    sequences = [torch.arange(1.0, 1 + 2 * n).reshape(n, 2) for n in (3, 1, 2)]
    return [{"batch_first": first, "side": side, "shape": list(p.shape), "values": p.flatten().tolist()}
            for first in (False, True) for side in ("right", "left")
            for p in [pad_sequence(sequences, first, -7.0, side)]]


def main():
    torch.manual_seed(11)
    joined = ConcatDataset([Numbers(3), Numbers(0), Numbers(4)])
    concat = [b.tolist() for b in DataLoader(joined, batch_size=3, shuffle=True)]
    content = {"samplers": samplers(), "distributed": distributed(), "batches": batches(), "draws": draws(),
               "padding": padding(), "concat": concat}
    OUT.write_text(json.dumps(content).replace(']}, "', ']},\n"').replace('}, {', '},\n{') + "\n")


main()
