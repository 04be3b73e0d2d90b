#include "core/platform/http/server/message.hpp"

namespace devy::server {

http::Response text_response(int status, std::string text, std::string_view content_type) {
  return {status, {{"Content-Type", std::string(content_type)}}, std::move(text)};
}

}  // namespace devy::server
