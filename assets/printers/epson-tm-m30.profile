# Epson TM-m30 (II, III)
dots = 576
dpi = 203
cutter = yes
feed = 24
status = yes
confirm = process
native_qr = yes
