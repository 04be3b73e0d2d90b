#pragma once
// One finding of `doctor`. A value.

#include <string>

namespace devy::base {

enum class Health { ok, warning, problem };

struct Diagnosis {
  std::string check;  // stable name: "token_file"
  Health health = Health::ok;
  std::string message;
  std::string hint;  // never empty unless ok
};

}  // namespace devy::base
