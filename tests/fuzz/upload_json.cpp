// Fuzz target: the JSON of an upload, and the names of files. However the bytes are cut into
// pieces, the same is read, or the same is refused.
#include "core/files/intake/upload_json.hpp"
#include "core/files/intake/file_name.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/safe_text.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace {

using devy::fuzz::expect;
namespace intake = devy::intake;

// Keeps what was read as one text.
class Transcript : public intake::UploadHandler {
 public:
  void begin_file() override { text += "\nfile "; }
  void content(std::string_view bytes) override { text += bytes; }
  void end_file(const std::string& name) override {
    text += "\nname " + name;
    check_name(name);
  }
  std::string text;

 private:
  static void check_name(const std::string& given) {
    try {
      const auto name = intake::file_name(given);
      expect(!name.empty() && name.size() <= intake::file_name_bytes_max, "a name is bounded");
      expect(devy::base::is_valid_utf8(name), "a name is UTF-8");
      expect(name.find_first_of("/\\") == std::string::npos, "a name is no path");
      expect(!devy::base::has_control_character(name), "a name has one line");
      expect(intake::file_name(name) == name, "a name stays what it is");
      const auto header = intake::content_disposition("attachment", name);
      expect(header.find_first_of("\r\n") == std::string::npos, "a header has one line");
    } catch (const devy::base::Error& error) {
      expect(error.code() == "name_refused", "a refusal says why");
    }
  }
};

std::string read_in_pieces(std::string_view json, std::size_t piece) {
  Transcript transcript;
  try {
    intake::UploadReader reader(transcript);
    for (std::size_t at = 0; at < json.size(); at += piece)
      reader.add(json.substr(at, piece));
    reader.finish();
  } catch (const intake::Malformed& malformed) {
    return malformed.field() + ": " + malformed.message();
  }
  return transcript.text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view json(reinterpret_cast<const char*>(data), size);
  const auto whole = read_in_pieces(json, std::max<std::size_t>(size, 1));
  expect(read_in_pieces(json, 1) == whole, "bytes one by one are the same");
  expect(read_in_pieces(json, 7) == whole, "pieces are the same");
  return 0;
}
