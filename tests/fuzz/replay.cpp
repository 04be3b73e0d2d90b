// Runs a fuzz target over every file of a corpus, each whole, cut short at every place, and with
// each bit of its beginning turned over: what a fuzzer has found once stays found, without one.
// usage: <program> FOLDER
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/fuzz/fuzz_target.hpp"

namespace {

constexpr std::size_t cuts_max = 512, flipped_bytes_max = 256;

std::string_view running;

// Which variant broke a promise, fit to be put into the corpus.
void tell(int) {
  std::fputs("with: ", stderr);
  for (const char c : running)
    std::fprintf(stderr, c >= 0x20 && c < 0x7f && c != '\\' ? "%c" : "\\x%02x",
                 static_cast<unsigned char>(c));
  std::fputc('\n', stderr);
  std::_Exit(1);
}

void run(std::string_view bytes) {
  running = bytes;
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

void run_variants(std::string text) {
  run(text);
  for (std::size_t cut = 0; cut < std::min(text.size(), cuts_max); ++cut)
    run(std::string(text, 0, cut));
  for (std::size_t i = 0; i < std::min(text.size(), flipped_bytes_max); ++i)
    for (unsigned bit = 0; bit < 8; ++bit) {
      const auto flip = static_cast<char>(1U << bit);
      text[i] = static_cast<char>(text[i] ^ flip);
      run(text);
      text[i] = static_cast<char>(text[i] ^ flip);
    }
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGABRT, tell);
  int files = 0;
  for (int i = 1; i < argc; ++i)
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
      std::ifstream file(entry.path(), std::ios::binary);
      run_variants(std::string(std::istreambuf_iterator<char>(file), {}));
      ++files;
    }
  std::printf("%d files\n", files);
  return files == 0 ? 1 : 0;
}
