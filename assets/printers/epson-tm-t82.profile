# Epson TM-T82 (II, III, X)
dots = 576
dpi = 203
cutter = yes
feed = 24
status = yes
confirm = process
native_qr = yes
