#pragma once
// Uploads by tus over the routes of files: requests as a client of tus sends them. One thread.

#include <string>
#include <utility>

#include "tests/integration/daemon/web/files_routes_fixture.hpp"

namespace devy::daemon {

inline constexpr const char* tus_octets = "application/offset+octet-stream";

class TusRoutes : public FilesRoutes {
 protected:
  [[nodiscard]] testing::RawAnswer tus(const std::string& method, const std::string& target,
                                       testing::RawHeaders headers = {},
                                       const std::string& body = {},
                                       const std::string& who = {}) const {
    headers.emplace_back("Tus-Resumable", "1.0.0");
    return ask(method, target, who, body, std::move(headers));
  }
  [[nodiscard]] testing::RawAnswer create(testing::RawHeaders headers, const std::string& body = {},
                                          const std::string& who = "ghp_alice") const {
    if (!body.empty()) headers.emplace_back("Content-Type", tus_octets);
    return tus("POST", "/files", std::move(headers), body, who);
  }
  // The URL of a new upload of so many bytes.
  [[nodiscard]] std::string begin(std::size_t length, const std::string& metadata = {}) const {
    testing::RawHeaders headers{{"Upload-Length", std::to_string(length)}};
    if (!metadata.empty()) headers.emplace_back("Upload-Metadata", metadata);
    const auto answer = create(std::move(headers));
    EXPECT_EQ(answer.status, 201) << answer.body;
    return header(answer, "Location");
  }
  [[nodiscard]] testing::RawAnswer patch(const std::string& url, std::size_t offset,
                                         const std::string& bytes,
                                         testing::RawHeaders headers = {}) const {
    headers.emplace_back("Upload-Offset", std::to_string(offset));
    headers.emplace_back("Content-Type", tus_octets);
    return tus("PATCH", url, std::move(headers), bytes);
  }
  [[nodiscard]] std::string offset(const std::string& url) const {
    return header(tus("HEAD", url), "Upload-Offset");
  }
  // "" when there is none.
  [[nodiscard]] static std::string header(const testing::RawAnswer& answer,
                                          const std::string& name) {
    const auto at = answer.head.find("\r\n" + name + ": ");
    if (at == std::string::npos) return "";
    const auto begin = at + name.size() + 4;
    return answer.head.substr(begin, answer.head.find('\r', begin) - begin);
  }
  [[nodiscard]] std::string reserved() const {
    return value("select bytes_reserved || ' ' || bytes_used || ' ' || files from file_owner");
  }
};

}  // namespace devy::daemon
