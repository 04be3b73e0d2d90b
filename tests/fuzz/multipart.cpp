// Fuzz target: a form with files. However the bytes are cut into pieces, the same is read, or the
// same is refused; and no bytes are made up.
#include "core/files/intake/multipart.hpp"

#include "tests/fuzz/fuzz_target.hpp"

namespace {

using devy::fuzz::expect;
namespace intake = devy::intake;

// Keeps what was read as one text.
class Transcript : public intake::FormHandler {
 public:
  void begin_part(const intake::FormPart& part) override {
    expect(!is_open_, "a part ends before another begins");
    is_open_ = true;
    text += "\npart " + part.name + "\n" + part.filename.value_or("") + "\n" + part.type + "\n";
  }
  void part_bytes(std::string_view bytes) override {
    expect(is_open_, "bytes belong to a part");
    bytes_read += bytes.size();
    text += bytes;
  }
  void end_part() override { is_open_ = false; }
  std::string text;
  std::size_t bytes_read = 0;

 private:
  bool is_open_ = false;
};

std::string read_in_pieces(std::string_view body, std::size_t piece) {
  Transcript transcript;
  try {
    intake::MultipartReader reader(transcript, "x");
    for (std::size_t at = 0; at < body.size(); at += piece)
      reader.add(body.substr(at, piece));
    reader.finish();
  } catch (const intake::Malformed& malformed) {
    return malformed.message();
  }
  expect(transcript.bytes_read < body.size(), "the parts are in the body");
  return transcript.text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const auto whole = read_in_pieces(body, std::max<std::size_t>(size, 1));
  expect(read_in_pieces(body, 1) == whole, "bytes one by one are the same");
  expect(read_in_pieces(body, 7) == whole, "pieces are the same");
  if (const auto boundary = intake::boundary_of(body))
    expect(boundary->size() <= intake::MultipartReader::boundary_bytes_max,
           "a boundary is bounded");
  return 0;
}
