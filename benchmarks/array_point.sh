# Sourced by the scripts that measure arrays of 64 DSP48E2: point() synthesises one and prints a JSON object.
# Before: $wanted (names of points, empty for all). $NETLISTS: a folder where netlists stay.
folder=${NETLISTS:-$(mktemp -d)}
version=$(yosys -V | cut -d' ' -f2)
separator=""

point() {  # top module, sources, name, steps, MACs per DSP, parameters
  top=$1 sources=$2 name=$3 steps=$4 macs=$5
  shift 5
  if [ -n "$wanted" ] && ! echo " $wanted " | grep -q " $name "; then return; fi
  yosys -q -p "read_verilog -defer -sv $sources
    hierarchy -top $top -chparam STEPS $steps $*
    synth_xilinx -family xcup -nosrl -flatten -noiopad -noclkbuf -top $top
    check -assert; write_json $folder/$name.json; tee -q -o $folder/$name.stat stat" > "$folder/$name.log" 2>&1
  awk -v name="$name" -v steps="$steps" -v macs="$macs" -v version="$version" -v separator="$separator" '
    $1 ~ /^(LUT[1-6]|INV|SRL16E|SRLC32E)$/ { lut += $2 }
    $1 ~ /^RAM/ { print "memory in the netlist: " $1 > "/dev/stderr"; exit 1 }
    $1 ~ /^FD[RSCP]E$/ { ff += $2 }
    $1 ~ /^DSP48E2$/ { dsp += $2 }
    END {
      printf "%s  {\"point\": \"%s\", \"steps\": %d, \"macs_per_dsp\": %d, \"dsp\": %d, \"lut\": %d, \"ff\": %d, \"lut_per_mac\": %.2f, \"tool\": \"Yosys %s\"}",
        separator, name, steps, macs, dsp, lut, ff, lut / dsp / macs, version
    }' "$folder/$name.stat"
  separator=",
"
}
