// TensorFlow operation `OverreadFilterGradient`: the gradient of a convolution's 3 x 3 filter.
//
//   x [batch, h, w, in], dy [batch, h, w, out] -> [3, 3, in, out]; stride 1, zero padding to the same
//   size, float32, `out` a multiple of 8.
//
// A third of a training step's time went into this one gradient: on processors with AVX2 and without
// AVX-512, oneDNN computes it at less than half the rate of its other convolutions. (With AVX-512 it
// is as fast as they are, and this operation is not registered.) Every row of pixels is a small
// matrix product per tap of the filter, X^T * DY, kept in registers over the row.
#if defined(__x86_64__)
#include <immintrin.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <thread>
#include <vector>

// Leaves out a header of TensorFlow that its wheel does not hold in this place.
#define IS_SLIM_BUILD
#include "tensorflow/c/kernels.h"
#include "tensorflow/c/ops.h"
#include "tensorflow/c/tf_status.h"
#include "tensorflow/c/tf_tensor.h"

namespace {

constexpr int kTaps = 3;
constexpr int kMostThreads = 32;
// Multiplications below which a second thread costs more than it saves.
constexpr int64_t kWorthAThread = 1 << 20;

struct Shape {
  int64_t batch, height, width, in, out;
};

// c[ROWS x 8*VECTORS] += x^T * dy over `pixels` pixels; c has rows of `out` floats.
template <int ROWS, int VECTORS>
__attribute__((target("avx2,fma"))) void Tile(const float* x, const float* dy, float* c,
                                               int64_t pixels, int64_t in, int64_t out) {
  __m256 sums[ROWS][VECTORS];
#pragma GCC unroll 8
  for (int r = 0; r < ROWS; ++r) {
#pragma GCC unroll 8
    for (int v = 0; v < VECTORS; ++v) sums[r][v] = _mm256_loadu_ps(c + r * out + 8 * v);
  }
  for (int64_t p = 0; p < pixels; ++p) {
    __m256 right[VECTORS];
#pragma GCC unroll 8
    for (int v = 0; v < VECTORS; ++v) right[v] = _mm256_loadu_ps(dy + p * out + 8 * v);
#pragma GCC unroll 8
    for (int r = 0; r < ROWS; ++r) {
      const __m256 left = _mm256_broadcast_ss(x + p * in + r);
#pragma GCC unroll 8
      for (int v = 0; v < VECTORS; ++v) sums[r][v] = _mm256_fmadd_ps(left, right[v], sums[r][v]);
    }
  }
#pragma GCC unroll 8
  for (int r = 0; r < ROWS; ++r) {
#pragma GCC unroll 8
    for (int v = 0; v < VECTORS; ++v) _mm256_storeu_ps(c + r * out + 8 * v, sums[r][v]);
  }
}

template <int VECTORS>
void Columns(const float* x, const float* dy, float* c, int64_t pixels, int64_t in, int64_t out) {
  int64_t row = 0;
  for (; row + 6 <= in; row += 6) Tile<6, VECTORS>(x + row, dy, c + row * out, pixels, in, out);
  for (; row + 4 <= in; row += 4) Tile<4, VECTORS>(x + row, dy, c + row * out, pixels, in, out);
  for (; row + 2 <= in; row += 2) Tile<2, VECTORS>(x + row, dy, c + row * out, pixels, in, out);
  for (; row < in; ++row) Tile<1, VECTORS>(x + row, dy, c + row * out, pixels, in, out);
}

void Product(const float* x, const float* dy, float* c, int64_t pixels, int64_t in, int64_t out) {
  int64_t column = 0;
  for (; column + 16 <= out; column += 16) Columns<2>(x, dy + column, c + column, pixels, in, out);
  for (; column < out; column += 8) Columns<1>(x, dy + column, c + column, pixels, in, out);
}

// Adds what the rows `first` to `last` (of batch * height) of dy contribute.
void Rows(const Shape& s, const float* x, const float* dy, float* gradient, int64_t first,
          int64_t last) {
  for (int64_t row = first; row < last; ++row) {
    const int64_t y = row % s.height;
    for (int i = 0; i < kTaps; ++i) {
      const int64_t source = y + i - 1;
      if (source < 0 || source >= s.height) continue;
      const float* x_row = x + (row + i - 1) * s.width * s.in;
      const float* dy_row = dy + row * s.width * s.out;
      for (int j = 0; j < kTaps; ++j) {
        const int64_t left = j == 0 ? 1 : 0;
        const int64_t right = j == 2 ? s.width - 1 : s.width;
        Product(x_row + (left + j - 1) * s.in, dy_row + left * s.out,
                gradient + (i * kTaps + j) * s.in * s.out, right - left, s.in, s.out);
      }
    }
  }
}

void FilterGradient(const Shape& s, const float* x, const float* dy, float* gradient) {
  const int64_t size = kTaps * kTaps * s.in * s.out;
  const int64_t rows = s.batch * s.height;
  const int64_t work = rows * s.width * size;
  const int64_t processors = std::max(1u, std::thread::hardware_concurrency());
  const int64_t threads =
      std::max<int64_t>(1, std::min({processors, rows, work / kWorthAThread,
                                     static_cast<int64_t>(kMostThreads)}));
  std::memset(gradient, 0, size * sizeof(float));
  std::vector<std::vector<float>> parts(threads - 1, std::vector<float>(size));
  std::vector<std::thread> others;
  for (int64_t t = 1; t < threads; ++t) {
    others.emplace_back(
        [&, t] { Rows(s, x, dy, parts[t - 1].data(), rows * t / threads, rows * (t + 1) / threads); });
  }
  Rows(s, x, dy, gradient, 0, rows / threads);
  for (int64_t t = 1; t < threads; ++t) {
    others[t - 1].join();
    for (int64_t k = 0; k < size; ++k) gradient[k] += parts[t - 1][k];
  }
}

void Compute(void*, TF_OpKernelContext* context) {
  TF_Status* status = TF_NewStatus();
  TF_Tensor* x = nullptr;
  TF_Tensor* dy = nullptr;
  TF_Tensor* gradient = nullptr;
  TF_GetInput(context, 0, &x, status);
  if (TF_GetCode(status) == TF_OK) TF_GetInput(context, 1, &dy, status);
  if (TF_GetCode(status) == TF_OK) {
    bool fits = TF_NumDims(x) == 4 && TF_NumDims(dy) == 4;
    for (int d = 0; fits && d < 3; ++d) fits = TF_Dim(x, d) == TF_Dim(dy, d);
    if (!fits || TF_Dim(dy, 3) % 8 != 0) {
      TF_SetStatus(status, TF_INVALID_ARGUMENT, "x and dy do not belong together");
    }
  }
  if (TF_GetCode(status) == TF_OK) {
    const Shape shape = {TF_Dim(x, 0), TF_Dim(x, 1), TF_Dim(x, 2), TF_Dim(x, 3), TF_Dim(dy, 3)};
    int64_t dims[4] = {kTaps, kTaps, shape.in, shape.out};
    gradient = TF_AllocateOutput(context, 0, TF_FLOAT, dims, 4,
                                 kTaps * kTaps * shape.in * shape.out * sizeof(float), status);
    if (TF_GetCode(status) == TF_OK) {
      FilterGradient(shape, static_cast<const float*>(TF_TensorData(x)),
                     static_cast<const float*>(TF_TensorData(dy)),
                     static_cast<float*>(TF_TensorData(gradient)));
    }
  }
  if (TF_GetCode(status) != TF_OK) TF_OpKernelContext_Failure(context, status);
  for (TF_Tensor* tensor : {x, dy, gradient}) {
    if (tensor != nullptr) TF_DeleteTensor(tensor);
  }
  TF_DeleteStatus(status);
}

void AnyShape(TF_ShapeInferenceContext* context, TF_Status* status) {
  TF_ShapeInferenceContextSetUnknownShape(context, status);
}

// Runs when the addon is loaded. An operation that could not be registered is simply not there.
const bool registered = [] {
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") ||
      __builtin_cpu_supports("avx512f")) {
    return false;
  }
  const char* name = "OverreadFilterGradient";
  TF_OpDefinitionBuilder* definition = TF_NewOpDefinitionBuilder(name);
  TF_OpDefinitionBuilderAddInput(definition, "x: float");
  TF_OpDefinitionBuilderAddInput(definition, "dy: float");
  TF_OpDefinitionBuilderAddOutput(definition, "gradient: float");
  TF_OpDefinitionBuilderSetShapeInferenceFunction(definition, AnyShape);
  TF_Status* status = TF_NewStatus();
  TF_RegisterOpDefinition(definition, status);
  if (TF_GetCode(status) == TF_OK) {
    TF_KernelBuilder* kernel = TF_NewKernelBuilder(name, "CPU", nullptr, Compute, nullptr);
    TF_RegisterKernelBuilder(name, kernel, status);
  }
  const bool done = TF_GetCode(status) == TF_OK;
  TF_DeleteStatus(status);
  return done;
}();

}  // namespace
#endif
