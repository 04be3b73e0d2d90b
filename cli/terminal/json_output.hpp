#pragma once
// The JSON that commands print: core's type, under the name used here. Values; any thread.

#include "core/platform/json/json.hpp"

namespace devy::cli {

using json::Json;
using json::json_array;
using json::print_json;

}  // namespace devy::cli
