# A file's bytes as the definition of pomona::report::page_template(): cmake -DINPUT=... -DOUTPUT=... -P this.
file(READ ${INPUT} bytes HEX)
string(LENGTH "${bytes}" digits)
math(EXPR size "${digits} / 2")
string(REGEX REPLACE "(................................)" "\\1\n" bytes "${bytes}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
file(WRITE ${OUTPUT} "#include \"report/page.h\"

namespace pomona::report {
namespace {
constexpr unsigned char kBytes[] = {
${bytes}0};
}  // namespace

std::string_view page_template() { return {reinterpret_cast<const char*>(kBytes), ${size}}; }

}  // namespace pomona::report
")
