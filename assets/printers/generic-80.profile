# 80mm clones and most others
dots = 576
dpi = 203
cutter = yes
feed = 24
status = yes
confirm = auto
native_qr = no
