# an 80mm printer that never answers
dots = 576
dpi = 203
cutter = yes
feed = 24
status = no
confirm = none
native_qr = no
