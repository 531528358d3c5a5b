"""The reference of the bench `train-step`: the same U-Net in PyTorch, one line in, one line out.

Started with a JSON configuration as its argument. A line with a number n runs n training steps and is
answered with a JSON list of their milliseconds.
"""

import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

config = json.loads(sys.argv[1])
device = torch.device(config["device"])
torch.manual_seed(0)


def block(inputs, outputs, norm):
    layers = [nn.Conv2d(inputs, outputs, 3, padding=1, bias=not norm)]
    if norm:
        layers.append(nn.BatchNorm2d(outputs))
    return nn.Sequential(*layers, nn.ReLU(inplace=True))


def double(inputs, outputs, norm):
    return nn.Sequential(block(inputs, outputs, norm), block(outputs, outputs, norm))


class UNet(nn.Module):
    def __init__(self, structures, width, levels, norm):
        super().__init__()
        sizes = [width * 2**level for level in range(levels)]
        self.down = nn.ModuleList(
            double(1 if level == 0 else sizes[level - 1], sizes[level], norm)
            for level in range(levels)
        )
        self.halve = nn.ModuleList(block(size * 2, size, norm) for size in sizes[:-1])
        self.up = nn.ModuleList(double(size * 2, size, norm) for size in sizes[:-1])
        self.out = nn.Conv2d(width, structures, 1)

    def forward(self, x):
        skips = []
        for level, layer in enumerate(self.down):
            x = layer(F.max_pool2d(x, 2) if level else x)
            skips.append(x)
        for level in reversed(range(len(self.up))):
            x = self.halve[level](F.interpolate(x, scale_factor=2, mode="nearest"))
            x = self.up[level](torch.cat([skips[level], x], 1))
        return torch.sigmoid(self.out(x))


class Qam(nn.Module):
    def __init__(self, structures, widths):
        super().__init__()
        layers = []
        inputs = structures + 1
        for width in widths:
            layers += [double(inputs, width, True), nn.MaxPool2d(2)]
            inputs = width
        self.features = nn.Sequential(*layers, nn.Conv2d(inputs, 1, 1))
        self.centre = nn.BatchNorm1d(1, affine=False)

    def forward(self, x):
        return self.centre(self.features(x).mean((2, 3)))[:, 0]


batch, size, structures = config["batch"], config["size"], config["structures"]
network = UNet(structures, config["width"], config["levels"], config["batchNorm"]).to(device)
qam = Qam(structures, config["qamWidths"]).to(device) if config["qam"] else None
parameters = list(network.parameters()) + (list(qam.parameters()) if qam else [])
optimiser = torch.optim.Adam(parameters, lr=1e-3)
x = torch.randn(batch, 1, size, size, device=device)
y = (torch.rand(batch, structures, size, size, device=device) > 0.5).float()


def dice_losses(p):
    overlap = (p * y).sum((2, 3))
    return 1 - (2 * overlap + 1) / (p.sum((2, 3)) + y.sum((2, 3)) + 1)


def step():
    optimiser.zero_grad()
    p = network(x)
    losses = dice_losses(p).mean(1)
    if qam is None:
        loss = losses.mean()
    else:
        weights = torch.softmax(2 * torch.tanh(qam(torch.cat([x, y], 1))), 0)
        shares = y.mean((0, 2, 3))
        neutral = F.binary_cross_entropy(p, y, reduction="none").mean((2, 3)) / (2 * shares)
        loss = (weights.detach() * losses).sum() + (weights * neutral.mean(1).detach()).sum()
    loss.backward()
    optimiser.step()
    return loss.item()  # waits for a GPU, and both sides report their loss


def answer(value):
    print(json.dumps(value), flush=True)


answer(
    {
        "version": torch.__version__,
        "threads": torch.get_num_threads(),
        "device": torch.cuda.get_device_name(device) if device.type == "cuda" else "CPU",
        "parameters": sum(value.numel() for value in network.parameters()),
    }
)
for line in sys.stdin:
    times = []
    for _ in range(int(line)):
        start = time.perf_counter()
        step()
        times.append((time.perf_counter() - start) * 1000)
    answer(times)
