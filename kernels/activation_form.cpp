#include "kernels/activation_form.h"

namespace halcyon {

const std::vector<ActivationForm>& activation_forms() {
  static const std::vector<ActivationForm> forms = {
      {Act::relu, -1, 0, "NaN", "0, inf"},
      {Act::relu6, -1, 0, "NaN", "0, 6"},
      {Act::hardswish, -1, 3e-7, "NaN", "NaN, inf"},
      {Act::hardsigmoid, -1, 5e-8, "NaN", "0, 1"},
      {Act::silu, -1, 5e-7, "NaN", "-1.43e-36, inf"},
      {Act::silu, 0, 6.3e-5, "NaN", "-3.96e-5, inf"},
      {Act::silu, 1, 9e-6, "NaN", "-1.26e-5, inf"},
      {Act::silu, 2, 8e-7, "NaN", "-7.23e-7, inf"},
      {Act::sigmoid, -1, 1.2e-7, "NaN", "1.65e-38, 1"},
      {Act::sigmoid, 0, 2.5e-5, "NaN", "1.82e-5, 0.99999"},
      {Act::sigmoid, 1, 1.6e-6, "NaN", "2.31e-6, 1"},
      {Act::sigmoid, 2, 5e-7, "NaN", "3.08e-7, 1"},
      {Act::gelu, -1, 5.5e-7, "NaN", "0, inf"},
      {Act::gelu, 0, 1e-4, "NaN", "-9.80e-5, inf"},
      {Act::gelu, 1, 1.9e-5, "NaN", "7.88e-6, inf"},
      {Act::gelu, 2, 1.8e-6, "NaN", "-3.89e-8, inf"},
      {Act::gelu, 3, 1e-6, "NaN", "-1.09e-7, inf"},
  };
  return forms;
}

const ActivationForm* find_form(Act function, int level) {
  for (const ActivationForm& form : activation_forms())
    if (form.function == function && form.level == level) return &form;
  return nullptr;
}

}  // namespace halcyon
