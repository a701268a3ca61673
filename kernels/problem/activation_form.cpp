#include "kernels/problem/activation_form.h"

namespace halcyon {

const std::vector<ActivationForm>& activation_forms() {
  static const std::vector<ActivationForm> forms = {
      {Act::relu, -1, 0, 0, "NaN", "0, inf", 1, 0},
      {Act::relu6, -1, 0, 0, "NaN", "0, 6", 2, 0},
      {Act::hardswish, -1, 3e-7, 1.4e-8, "NaN", "NaN, inf", 5, 0},
      {Act::hardsigmoid, -1, 5e-8, 6e-9, "NaN", "0, 1", 3, 0},
      {Act::silu, -1, 5e-7, 8e-9, "NaN", "-1.43e-36, inf", 17, 1},
      {Act::silu, 0, 3.9e-5, 1.2e-6, "NaN", "NaN, inf", 9, 1},
      {Act::silu, 1, 1.8e-6, 1e-8, "NaN", "NaN, inf", 10, 1},
      {Act::sigmoid, -1, 1.2e-7, 2e-8, "NaN", "1.65e-38, 1", 15, 1},
      {Act::sigmoid, 0, 4e-6, 3e-7, "NaN", "0, 1", 9, 1},
      {Act::sigmoid, 1, 9e-7, 1.4e-8, "NaN", "0, 1", 10, 1},
      {Act::gelu, -1, 4e-7, 5.5e-9, "NaN", "-8.54e-8, inf", 15, 0},
      {Act::gelu, 0, 1.3e-4, 9e-7, "NaN", "-1.20e-4, inf", 10, 0},
      {Act::gelu, 1, 2.2e-5, 9e-8, "NaN", "-2.12e-5, inf", 11, 0},
      {Act::gelu, 2, 1.8e-6, 1.3e-8, "NaN", "-1.13e-6, inf", 12, 0},
  };
  return forms;
}

const ActivationForm* find_form(Act function, int level) {
  for (const ActivationForm& form : activation_forms())
    if (form.function == function && form.level == level) return &form;
  return nullptr;
}

}  // namespace halcyon
