#include "kernels/activation_form.h"

namespace halcyon {

const std::vector<ActivationForm>& activation_forms() {
  static const std::vector<ActivationForm> forms = {
      {Act::relu, -1, 0, "NaN", "0, inf", 1, 0},
      {Act::relu6, -1, 0, "NaN", "0, 6", 2, 0},
      {Act::hardswish, -1, 3e-7, "NaN", "NaN, inf", 5, 0},
      {Act::hardsigmoid, -1, 5e-8, "NaN", "0, 1", 3, 0},
      {Act::silu, -1, 5e-7, "NaN", "-1.43e-36, inf", 17, 1},
      {Act::silu, 0, 2.4e-5, "NaN", "-1.76e-5, inf", 10, 1},
      {Act::silu, 1, 1.6e-6, "NaN", "-8.02e-7, inf", 11, 1},
      {Act::silu, 2, 6.5e-7, "NaN", "-4.45e-8, inf", 12, 1},
      {Act::sigmoid, -1, 1.2e-7, "NaN", "1.65e-38, 1", 15, 1},
      {Act::sigmoid, 0, 8.3e-5, "NaN", "9.20e-6, 1", 9, 1},
      {Act::sigmoid, 1, 1.8e-6, "NaN", "3.32e-7, 1", 10, 1},
      {Act::sigmoid, 2, 5e-7, "NaN", "3.08e-7, 1", 12, 1},
      {Act::gelu, -1, 5.5e-7, "NaN", "0, inf", 15, 0},
      {Act::gelu, 0, 6e-5, "NaN", "-5.86e-5, inf", 10, 0},
      {Act::gelu, 1, 6.6e-6, "NaN", "-6.06e-6, inf", 11, 0},
      {Act::gelu, 2, 1.2e-6, "NaN", "-8.15e-7, inf", 12, 0},
  };
  return forms;
}

const ActivationForm* find_form(Act function, int level) {
  for (const ActivationForm& form : activation_forms())
    if (form.function == function && form.level == level) return &form;
  return nullptr;
}

}  // namespace halcyon
