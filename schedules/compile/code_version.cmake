# cmake -DOUTPUT=x.cpp -DROOT=folder -DFILES=list -P code_version.cmake
# Writes a C++ file whose halcyon::code_version() is the SHA-256 over names and contents of FILES.
set(digests)
foreach(file ${FILES})
  file(SHA256 "${file}" digest)
  file(RELATIVE_PATH name "${ROOT}" "${file}")
  list(APPEND digests "${name} ${digest}")
endforeach()
list(SORT digests)
string(SHA256 version "${digests}")
file(WRITE "${OUTPUT}"
  "namespace halcyon {\nconst char* code_version() { return \"${version}\"; }\n}  // namespace halcyon\n")
