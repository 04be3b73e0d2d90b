#pragma once
// JSON as the commands print it: core's value, under the name it has here. Values; any thread.

#include "core/base/json.hpp"

namespace devy::cli {

using base::Json;
using base::json_array;
using base::print_json;

}  // namespace devy::cli
