#include "core/publishing/markdown/library.hpp"

#include <cmark-gfm.h>

namespace devy::markdown {

std::string library_version() {
  return cmark_version_string();
}

}  // namespace devy::markdown
