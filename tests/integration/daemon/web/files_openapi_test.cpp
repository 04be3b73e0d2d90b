// The API of files against the document that describes it, both ways.
#include <filesystem>

#include "tests/integration/daemon/web/files_routes_fixture.hpp"
#include "tests/support/process/peer.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::daemon {
namespace files_openapi_test {

TEST_F(FilesRoutes, AnswersAsItsOpenApiDocumentSays) {
  config_.files.public_url = "http://files.devy.example";
  config_.files.link_key_file = folder_ / "link.key";
  testing::write_text(config_.files.link_key_file,
                      "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=\n");
  std::filesystem::permissions(config_.files.link_key_file, std::filesystem::perms::owner_read);
  start();
  const auto lines = testing::run_peer("files_openapi.mjs", {"http://" + address_, "ghp_alice"});
  ASSERT_FALSE(lines.empty());
  for (std::size_t i = 0; i + 1 < lines.size(); ++i)
    ADD_FAILURE() << lines[i];
  EXPECT_TRUE(lines.back().starts_with("asked ")) << lines.back();
  // Every route of the API is in the document.
  const auto document = Document::parse(ask("GET", "/v1/files/openapi.json", "").body);
  for (const auto& route : api_->routes()) {
    auto path = route.path;
    const bool is_upload = path.starts_with("/files/");
    if (const auto star = path.find('*'); star != std::string::npos)
      path.replace(star, 1, is_upload ? "{upload}" : "{id}");
    // The same as PATCH and DELETE, for senders that have neither.
    if (route.method == "POST" && is_upload) continue;
    auto method = route.method;
    for (char& letter : method)
      letter = static_cast<char>(std::tolower(letter));
    EXPECT_TRUE(document["paths"].contains(path) && document["paths"][path].contains(method))
        << method << " " << path;
  }
}

}  // namespace files_openapi_test
}  // namespace devy::daemon
